/**
 * Lives of a client, chosen by fast-check: any commands in any order, every interleaving by its scheduler, in virtual
 * time. The invariants are told in `invariants.ts`. A failure prints its seed, its path and its commands.
 */
import fc from 'fast-check';
import { describe, it } from 'vitest';
import { lives } from './commands.js';
import { conditions, live } from './life.js';

describe('a client, whatever happens', () => {
  it('I1 to I23 hold after any commands, in any interleaving', async () => {
    await fc.assert(
      fc.asyncProperty(lives('any', 60), conditions, fc.scheduler(), live),
      { numRuns: Number(process.env['MODEL_RUNS'] ?? 2000), ...(process.env['MODEL_SEED'] ? { seed: Number(process.env['MODEL_SEED']) } : {}) },
    );
  }, 600_000);
});
