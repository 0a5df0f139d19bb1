/**
 * Lives that once failed, as fast-check shrank them. Each was a bug of the client, and its title says what a user would have seen.
 * Each runs in several fixed interleavings, because some fail only in a few of them.
 */
import fc from 'fast-check';
import { describe, it } from 'vitest';
import { advance, closeClient, join, joinInsideNext, latency, leave, leavePage, serverFault, serverRestart, sleep, type Command } from './commands.js';
import { live } from './life.js';
import { plainDialect } from './server.js';
import type { Conditions } from './world.js';

const usual: Conditions = {
  seed: 0,
  token: false,
  batch: { size: 500, window: 10 },
  sharing: { linger: 1000, maxIdle: 2 },
  fallback: undefined,
  dialect: plainDialect,
  epoch: 0,
  ending: 'leave',
  silence: false,
};

const interleavings = 8;
const forEver = Number.POSITIVE_INFINITY;
const value = (key: number): Command => join({ kind: 'values', key });
const state = (key: number): Command => join({ kind: 'states', key });
const set = (...keys: number[]): Command => join({ kind: 'set', keys });

async function relive(commands: readonly Command[], conditions: Partial<Conditions> = {}): Promise<void> {
  for (const scheduler of fc.sample(fc.scheduler(), { numRuns: interleavings, seed: 1 })) {
    await live(commands, { ...usual, ...conditions }, scheduler);
  }
}

describe('lives that once went wrong', () => {
  it('I15: polls for the few observed statistics use the ids that the server made up, so that no subscription seems forgotten', () =>
    relive(
      [value(0), value(1), value(2), value(3), advance(75_000), leave(0), leave(0), leave(0), advance(75_000)],
      { dialect: { ...plainDialect, ids: 'own' } },
    ));

  it('I2, G13: an opening for movers ends once they have lost their observers, even if the server cannot be reached', () =>
    relive(
      [value(1), value(1), advance(1), leave(0), serverFault({ operation: 'open', fault: 'refused', times: forEver }), value(0), advance(1), leave(0), leave(0), advance(1000)],
      { batch: { size: 500, window: 0 }, sharing: { linger: 1000, maxIdle: 0 } },
    ));

  it('I16: a newcomer to an upstream that has long been silent is stale', () =>
    relive([set(0), advance(0), serverFault({ operation: 'any', fault: 'refused', times: 1 }), sleep(28_800_000), state(0), advance(1)], { silence: true }));

  it('I16: a newcomer that waits during a search for a bad definition becomes stale', () =>
    relive(
      [
        state(4), advance(500), value(0), advance(500),
        serverFault({ operation: 'read', fault: 413, times: 1 }),
        serverFault({ operation: 'open', fault: 413, times: 1 }),
        serverFault({ operation: 'open', fault: 'hang', times: forEver }),
        advance(6000),
      ],
      { silence: true },
    ));

  it('I15: a newcomer that joins an upstream during an answer gets that answer', () =>
    relive([set(9, 0), advance(1), join({ kind: 'versions', key: 9 }), joinInsideNext(1, { kind: 'values', key: 0 })]));

  it('I1: a DELETE that failed is reported, even if an earlier one for the same id was answered', () =>
    relive(
      [value(0), latency(9990), serverFault({ operation: 'close', fault: 404, times: 1 }), advance(1), leavePage(3_600_000), serverRestart('state'), advance(1)],
      { silence: true, batch: { size: 500, window: 0 } },
    ));

  it('I1: a subscription that is still being opened when close() gives up is reported as orphaned', () =>
    relive([set(0), closeClient(), latency(10_010), advance(75_000), serverRestart('state')], { token: true }));

  it('I15: many upstreams recover soon after an outage in which the server forgot them all', () =>
    relive([
      ...Array.from({ length: 12 }, (_, key) => set(key)), advance(1000),
      serverFault({ operation: 'any', fault: 'refused', times: forEver }), advance(75_000), serverRestart('nothing'),
    ]));

  it('I15: values of a subscription that takes over from peeks are accepted, even if its clock is behind', () =>
    relive(
      [serverFault({ operation: 'read', fault: 'no data', times: 8 }), value(0), advance(31_000), serverRestart('nothing', 'behind'), advance(1)],
      { fallback: 'peek', dialect: { ...plainDialect, unknown: 400 } },
    ));

  it('I16: an observer becomes stale while the peeks of a fallback hang', () =>
    relive(
      [serverFault({ operation: 'open', fault: 403, times: 1 }), serverFault({ operation: 'any', fault: 'refused', times: 1 }), state(0), advance(500)],
      { fallback: 'peek', silence: true },
    ));

  it('I9: an upstream that is lost before it answers gives its movers no older value', () =>
    relive(
      [
        latency(9990), join({ kind: 'versions', key: 0 }), joinInsideNext(0, { kind: 'values', key: 1 }), advance(1),
        sleep(60_000), advance(1), leavePage(1), advance(10_000),
      ],
      { batch: { size: 500, window: 0 } },
    ));

  it('G2: a merge that failed is tried again', () =>
    relive(
      [value(0), value(1), value(2), value(3), advance(1), leave(0), serverFault({ operation: 'open', fault: 504, times: 3 }), advance(75_000)],
      { batch: { size: 3, window: 0 } },
    ));

  it('G2: a statistic whose observer comes back to an idle upstream is merged with others', () =>
    relive(
      [serverFault({ operation: 'open', fault: 'refused', times: 1 }), value(1), advance(20), value(2), advance(20), leave(1), advance(3000), value(2)],
      { sharing: { linger: 5000, maxIdle: 2 } },
    ));

  it('G2: a statistic in the upstream of an unobserved set, whose move failed, is moved again', () =>
    relive([set(1), advance(0), value(0), value(1), leave(0), serverFault({ operation: 'open', fault: 504, times: 8, retryAfter: '3' }), advance(75_000)]));
});

