/** The package as it is installed: copied from where `packed.ts` unpacked it to a folder that depends on nothing of the project. */
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inject } from 'vitest';

export const root = fileURLToPath(new URL('../..', import.meta.url));

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  dependencies: Record<string, string>;
  peerDependencies: Record<string, string>;
  peerDependenciesMeta: Record<string, { optional?: boolean }>;
};

/** Installs the package into a folder, with its dependencies and the peers that it needs; returns the files it consists of. */
export function installPackage(home: string): readonly string[] {
  const packed = inject('packed');
  const modules = join(home, 'node_modules');
  mkdirSync(modules);
  // A copy, since Node looks for dependencies beside the real path of a link.
  cpSync(packed.folder, join(modules, 'genesys-statistics-rx'), { recursive: true });
  for (const name of [...Object.keys(manifest.dependencies), ...Object.keys(manifest.peerDependencies).filter((peer) => manifest.peerDependenciesMeta[peer]?.optional !== true)]) {
    symlinkSync(join(root, 'node_modules', name), join(modules, name));
  }
  writeFileSync(join(home, 'package.json'), '{"type":"module"}');
  return packed.files;
}
