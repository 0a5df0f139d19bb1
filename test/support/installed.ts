/** Installs the package that `packed.ts` has unpacked in a folder outside of the project. */
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

/** Installs the package into a folder, with its dependencies and required peers. Returns the files of the package. */
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
