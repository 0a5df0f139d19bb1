/**
 * Long lives in virtual time: hours of a page with all kinds of faults, one life per seed. The invariants must hold all the time,
 * and nothing may be left at the end. The suite simulates a few hours; `npm run soak -- --simulated` a thousand.
 */
import fc from 'fast-check';
import { describe, it } from 'vitest';
import { anyCommand, heal } from './commands.js';
import { holdAtTheEnd } from './invariants.js';
import { conditions } from './life.js';
import { createModel } from './model.js';
import { createWorld, type World } from './world.js';

const { SOAK_SEEDS: seeds = '2', SOAK_FIRST: first = '1', SOAK_HOURS: hours = '2' } = process.env;
const hour = 3_600_000;
/** Faults end after this number of commands. Otherwise the rest of the life would show nothing else. */
const commandsUntilWell = 15;

async function liveFor(milliseconds: number, seed: number): Promise<World> {
  const [lived] = fc.sample(conditions, { numRuns: 1, seed });
  const [scheduler] = fc.sample(fc.scheduler(), { numRuns: 1, seed });
  if (lived === undefined || scheduler === undefined) {
    throw new Error('nothing to live with');
  }
  const model = createModel();
  const world = createWorld(scheduler, lived, model);
  for (let day = 0; world.awake < milliseconds; day++) {
    for (const command of [...fc.sample(anyCommand, { numRuns: commandsUntilWell, seed: seed * 1_000_003 + day }), heal()]) {
      if (command.check(model)) {
        await command.run(model, world);
      }
    }
  }
  await holdAtTheEnd(model, world);
  return world;
}

describe('long lives', () => {
  it.each(Array.from({ length: Number(seeds) }, (_, index) => index + Number(first)))(`seed %i: ${hours} hours, and nothing is lost or left`, async (seed) => {
    const { server, orphaned, awake } = await liveFor(Number(hours) * hour, seed);
    if (process.env['SOAK_HOURS'] !== undefined) {
      process.stderr.write(`seed ${seed}: ${(awake / hour).toFixed(1)} h, ${server.requests.length} requests, ${server.opened.length} opened, ${orphaned.size} told as orphaned\n`);
    }
  }, 2 ** 31 - 1);
});
