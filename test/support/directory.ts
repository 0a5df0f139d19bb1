/** Makes a directory that is removed at the end of the test. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

export function makeDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'journal-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** The paths of the files in a directory. */
export function filesIn(directory: string): string[] {
  return readdirSync(directory).map((name) => join(directory, name));
}
