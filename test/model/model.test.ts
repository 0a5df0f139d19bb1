/**
 * Lives of a client, chosen by fast-check: any commands in any order, every interleaving by its scheduler, in virtual
 * time. `invariants.ts` checks the invariants. The suite runs the same lives every time; `npm run model` runs any number of other
 * ones. A failure prints its seed, its path and its commands.
 */
import fc from 'fast-check';
import { describe, it } from 'vitest';
import { lives } from './commands.js';
import { conditions, live } from './life.js';

const { MODEL_RUNS: asked, MODEL_SEED: seed = '20261125', MODEL_PATH: path, MODEL_REPLAY: replayPath } = process.env;
const runs = Number(asked ?? 1000);
const mostCommands = 60;
/** Lives per seed; after each seed the progress is printed. */
const inOneGo = 10_000;

async function liveAll(): Promise<void> {
  const begun = performance.now();
  for (let lived = 0; lived < runs; lived += inOneGo) {
    const property = fc.asyncProperty(lives(mostCommands, replayPath), conditions, fc.scheduler(), live);
    const numRuns = Math.min(inOneGo, runs - lived);
    await fc.assert(property, { numRuns, seed: Number(seed) + lived / inOneGo, ...(path === undefined ? {} : { path, endOnFailure: true }) });
    if (asked !== undefined) {
      process.stderr.write(`${lived + numRuns} of ${runs} lives, in ${Math.round((performance.now() - begun) / 1000)} s\n`);
    }
  }
}

describe('a client, whatever happens', () => {
  it('I1 to I23 hold after any commands, in any interleaving', liveAll, 2 ** 31 - 1);
});
