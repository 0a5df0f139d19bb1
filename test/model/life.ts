/** One life of a client: its own world, the commands one by one, and the checks at the end. */
import fc from 'fast-check';
import type { Command } from './commands.js';
import { holdAtTheEnd } from './invariants.js';
import { createModel } from './model.js';
import { plainDialect, type Dialect } from './server.js';
import { createWorld, type Conditions } from './world.js';

const dialect: fc.Arbitrary<Dialect> = fc.oneof(
  { weight: 2, arbitrary: fc.constant(plainDialect) },
  {
    weight: 1,
    arbitrary: fc.record({
      unknown: fc.constantFrom<Dialect['unknown'][]>(400, 403, 404, 500, 'no data', 'empty'),
      ids: fc.constantFrom<Dialect['ids'][]>('given', 'own'),
      order: fc.constantFrom<Dialect['order'][]>('kept', 'turning'),
      extras: fc.boolean(),
    }),
  },
);

export const conditions: fc.Arbitrary<Conditions> = fc.record({
  seed: fc.nat(),
  token: fc.boolean(),
  batch: fc.record({ size: fc.constantFrom(500, 4, 3, 1), window: fc.constantFrom(10, 0) }),
  sharing: fc.record({ linger: fc.constantFrom(1000, 0), maxIdle: fc.constantFrom(2, 0, 1) }),
  fallback: fc.constantFrom(undefined, undefined, 'peek' as const),
  dialect,
  epoch: fc.constantFrom(0, 0, 86_400_000, -31_536_000_000),
  ending: fc.constantFrom<Conditions['ending'][]>('leave', 'close'),
  silence: fc.boolean(),
});

export async function live(commands: Iterable<Command>, lived: Conditions, scheduler: fc.Scheduler): Promise<void> {
  const model = createModel();
  const world = createWorld(scheduler, lived, model);
  await fc.asyncModelRun(() => ({ model, real: world }), commands);
  await holdAtTheEnd(model, world);
}
