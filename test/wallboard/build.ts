/** Builds the wallboard once for a whole run, as the Angular CLI does, into a folder that is removed after it. Without a Chromium nothing needs it. */
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';
import { executable } from '../support/browser.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder with the files that a browser loads. */
    wallboard: string;
  }
}

const application = fileURLToPath(new URL('../../examples/angular-wallboard', import.meta.url));
const ng = fileURLToPath(new URL('../../node_modules/@angular/cli/bin/ng.js', import.meta.url));

export default async function setup(project: TestProject): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), 'wallboard-'));
  if (existsSync(executable)) {
    await promisify(execFile)(process.execPath, [ng, 'build', '--configuration', 'served', '--output-path', folder, '--no-progress'], { cwd: application, env: { ...process.env, NG_CLI_ANALYTICS: 'false' } });
  }
  project.provide('wallboard', join(folder, 'browser'));
  return () => rmSync(folder, { recursive: true, force: true });
}
