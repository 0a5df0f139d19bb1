/** Builds the application of `test/angular/application` by Angular's own command line, against the built package. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterAll } from 'vitest';

const application = fileURLToPath(new URL('application', import.meta.url));
const ng = fileURLToPath(new URL('../../node_modules/@angular/cli/bin/ng.js', import.meta.url));

const folders: string[] = [];

// Registered while the file of tests is loaded: inside of a hook it would be too late.
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

export interface Built {
  readonly folder: string;
  /** What the command line said. */
  readonly output: string;
  /** What a browser loads, in bytes. */
  readonly gzipped: number;
  /** What files weigh in it whose path contains a text, in bytes, not compressed. */
  weightOf(path: string): number;
}

/**
 * @param configuration - of `angular.json`.
 * @param statisticsUrl - the API, for pages that are rendered while it is built.
 */
export async function buildApplication(configuration: string, statisticsUrl = ''): Promise<Built> {
  const folder = mkdtempSync(join(tmpdir(), 'angular-'));
  folders.push(folder);
  const args = [ng, 'build', '--configuration', configuration, '--output-path', folder, '--stats-json', '--no-progress'];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { cwd: application, env: { ...process.env, NG_CLI_ANALYTICS: 'false', STATISTICS_URL: statisticsUrl } });
  const { outputs } = JSON.parse(readFileSync(join(folder, 'browser-stats.json'), 'utf8')) as { outputs: Record<string, { inputs: Record<string, { bytesInOutput: number }> }> };
  const inputs = Object.values(outputs).flatMap((output) => Object.entries(output.inputs));
  return {
    folder,
    output: stdout + stderr,
    gzipped: gzipSync(readFileSync(join(folder, 'browser/main.js')), { level: 9 }).byteLength,
    weightOf: (path) => inputs.filter(([input]) => input.includes(path)).reduce((sum, [, { bytesInOutput }]) => sum + bytesInOutput, 0),
  };
}
