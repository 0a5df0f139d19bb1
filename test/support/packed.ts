/** Packs the package once for a whole run, and unpacks it into a folder that tests copy (`installed.ts`). Removed after the run. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder of the unpacked package, and the paths of its files. */
    packed: { readonly folder: string; readonly files: readonly string[] };
  }
}

export default function setup(project: TestProject): () => void {
  const home = mkdtempSync(join(tmpdir(), 'packed-'));
  const folder = join(home, 'package');
  mkdirSync(folder);
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const output = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', home], { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  const [report] = JSON.parse(output) as { filename: string; files: { path: string }[] }[];
  execFileSync('tar', ['-xzf', join(home, report?.filename ?? ''), '--strip-components=1', '-C', folder]);
  project.provide('packed', { folder, files: report?.files.map(({ path }) => path) ?? [] });
  return () => rmSync(home, { recursive: true, force: true });
}
