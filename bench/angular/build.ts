/** Builds an application with Angular's command line, against the built package. Owns the folders, which are removed when the process ends. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';

const ng = fileURLToPath(new URL('../../node_modules/@angular/cli/bin/ng.js', import.meta.url));

export const applications = {
  tiles: new URL('application', import.meta.url),
  weighed: new URL('../../test/angular/application', import.meta.url),
  wallboard: new URL('../../examples/angular-wallboard', import.meta.url),
} as const;

/** A folder that is removed when the process ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'bench-angular-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export async function runNg(application: keyof typeof applications, args: readonly string[]): Promise<string> {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [ng, ...args], { cwd: fileURLToPath(applications[application]), env: { ...process.env, NG_CLI_ANALYTICS: 'false' } });
  return stdout + stderr;
}

/** @returns the folder with `browser` and, of a rendered application, `server`. */
export async function buildApplication(application: keyof typeof applications, configuration: string): Promise<string> {
  const folder = temporaryFolder();
  await runNg(application, ['build', '--configuration', configuration, '--output-path', folder, '--stats-json', '--no-progress']);
  return folder;
}

export interface Weight {
  /** The gzipped size of everything that a browser loads, in bytes. */
  readonly gzipped: number;
  /** The uncompressed size of @angular/core in it, in bytes. */
  readonly core: number;
}

export async function weigh(configuration: string): Promise<Weight> {
  const folder = await buildApplication('weighed', configuration);
  const { outputs } = JSON.parse(readFileSync(join(folder, 'browser-stats.json'), 'utf8')) as { outputs: Record<string, { inputs: Record<string, { bytesInOutput: number }> }> };
  const core = Object.values(outputs)
    .flatMap(({ inputs }) => Object.entries(inputs))
    .filter(([path]) => path.includes('@angular/core/'))
    .reduce((sum, [, { bytesInOutput }]) => sum + bytesInOutput, 0);
  return { gzipped: gzipSync(readFileSync(join(folder, 'browser/main.js')), { level: 9 }).byteLength, core };
}
