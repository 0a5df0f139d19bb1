/**
 * A planted bug: one line of a source, changed as a tired engineer might change it. Owns finding the line and changing it;
 * knows nothing of how the bug is found out.
 */

export interface Bug {
  /** What does not hold any more, by the ids of the guarantees, faults and invariants. */
  readonly breaks: string;
  /** Part of a line that stands in the file exactly once. */
  readonly find: string;
  readonly replace: string;
  /** Test files that are run first, before those of the file. */
  readonly tests?: readonly string[];
  /** Why no test can tell, where none can. */
  readonly explained?: string;
}

export interface Mutant extends Bug {
  /** Below `src`. */
  readonly file: string;
  /** Below `test`, without `.test.ts`: run first. */
  readonly tests: readonly string[];
}

/** Bugs of one file, most of which the same tests find out. */
export function inFile(file: string, tests: readonly string[], bugs: readonly Bug[]): Mutant[] {
  return bugs.map((bug) => ({ ...bug, file, tests: bug.tests ?? tests }));
}

export const nameOf = ({ file, breaks }: Mutant): string => `${file}: ${breaks}`;

/** @throws Error naming the mutant, when its line is not there exactly once, or more than the line would change. */
export function plant(source: string, mutant: Mutant): string {
  const { find, replace } = mutant;
  const times = source.split(find).length - 1;
  if (times !== 1) {
    throw new Error(`${nameOf(mutant)}: no longer applies, since ${JSON.stringify(find)} stands there ${times} times`);
  }
  if (`${find}${replace}`.includes('\n') || find === replace) {
    throw new Error(`${nameOf(mutant)}: must change one line`);
  }
  return source.replace(find, () => replace);
}
