/** A directory that ends with the test. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

export function makeDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'journal-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** Paths of the files in it. */
export function filesIn(directory: string): string[] {
  return readdirSync(directory).map((name) => join(directory, name));
}
