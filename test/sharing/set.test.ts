/** A set's memory: which answers are shown, whatever sessions they come from. */
import { describe, expect, it } from 'vitest';
import { readDefinition } from '../../src/model/definition.js';
import { Cell } from '../../src/sharing/cell.js';
import { createPool } from '../../src/sharing/pool.js';
import { createSets } from '../../src/sharing/set.js';
import { createMonitor } from '../../src/upstream/monitor.js';
import { createMemorySource } from '../support/memory-source.js';
import { createVirtualClock } from '../support/virtual-clock.js';

const sales = { objectId: 'Sales@SIP', objectType: 'Queue' };
const definitions = [readDefinition({ name: 'a', ...sales }), readDefinition({ name: 'b', ...sales })];

function start() {
  const clock = createVirtualClock();
  const { source, started } = createMemorySource();
  const shared = { source, clock, pool: createPool({ linger: 1000, maxIdle: 32 }, clock, () => undefined), interval: 5000, linger: 1000 };
  const sets = createSets({ ...shared, monitor: createMonitor(clock, () => false), rehouse: () => undefined });
  const shown: unknown[] = [];
  sets.join(definitions, { interval: undefined, next: (values) => shown.push(values[0]?.value), error: () => undefined, complete: () => undefined });
  const [upstream] = started;
  return { sets, upstream, shown, answer: (value: number, options: { timestamp: number; reopened?: boolean; moved?: boolean }) => upstream?.answer(() => value, options) };
}

describe('G5, G6: the order of whole answers', () => {
  it('within a session an older one is not shown', () => {
    const { shown, answer } = start();
    answer(1, { timestamp: 100 });
    answer(2, { timestamp: 90 });
    answer(3, { timestamp: 100 });
    expect(shown).toEqual([1, 3]);
  });

  it('nor is one of a source that lived beside the last', () => {
    const { shown, answer } = start();
    answer(1, { timestamp: 100 });
    answer(2, { timestamp: 90, moved: true });
    answer(3, { timestamp: 110 });
    expect(shown).toEqual([1, 3]);
  });

  it('after a loss the clock may be another, and it is', () => {
    const { shown, answer } = start();
    answer(1, { timestamp: 100 });
    answer(2, { timestamp: 90, reopened: true });
    answer(3, { timestamp: 80 });
    expect(shown).toEqual([1, 2]);
  });
});

describe('a cell that is taken in', () => {
  it('is given what the last answer says of it, though that could not be shown as a whole', () => {
    const { sets, upstream, shown } = start();
    upstream?.answer(() => 1, { timestamp: 100 });
    upstream?.answer(({ name }) => (name === 'a' ? 2 : undefined), { timestamp: 110 });
    const guest = new Cell(readDefinition({ name: 'a', ...sales }), { now: () => 0, unwatched: () => undefined });
    expect(sets.admit(guest)).toBe(true);
    expect([guest.state.value?.value, shown]).toEqual([2, [1]]);
  });
});
