/** The package as it is installed: packed, and unpacked where it depends on nothing of the project. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  dependencies: Record<string, string>;
  peerDependencies: Record<string, string>;
  peerDependenciesMeta: Record<string, { optional?: boolean }>;
};

/** Installs the package into a folder, with its dependencies and the peers that it needs; returns the files it consists of. */
export function installPackage(home: string): string[] {
  const output = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', home], { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  const [report] = JSON.parse(output) as { filename: string; files: { path: string }[] }[];
  const modules = join(home, 'node_modules');
  mkdirSync(join(modules, 'genesys-statistics-rx'), { recursive: true });
  execFileSync('tar', ['-xzf', join(home, report?.filename ?? ''), '--strip-components=1', '-C', join(modules, 'genesys-statistics-rx')]);
  for (const name of [...Object.keys(manifest.dependencies), ...Object.keys(manifest.peerDependencies).filter((peer) => manifest.peerDependenciesMeta[peer]?.optional !== true)]) {
    symlinkSync(join(root, 'node_modules', name), join(modules, name));
  }
  writeFileSync(join(home, 'package.json'), '{"type":"module"}');
  return report?.files.map(({ path }) => path) ?? [];
}
