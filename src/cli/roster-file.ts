/** Reads a roster of the simulator from a file. The simulator owns its form and the messages for mistakes in it. */
import { readFile } from 'node:fs/promises';
import { parseRoster, type Roster } from '../simulator/index.js';
import { UsageError } from './arguments/usage-error.js';
import { fileProblem } from './file-problem.js';

/** @throws UsageError that names the file and the unusable place in it */
export async function readRoster(file: string): Promise<Roster> {
  try {
    return parseRoster(await readFile(file, 'utf8'));
  } catch (error) {
    throw new UsageError(`--roster: ${fileProblem(error, file)}`);
  }
}
