/** A set's memory: which answers are shown, whatever sessions they come from. */
import { retry } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { readDefinition } from '../../src/model/definition.js';
import { Cell } from '../../src/sharing/cell.js';
import { createPool } from '../../src/sharing/pool.js';
import { createSets } from '../../src/sharing/set.js';
import { createMonitor } from '../../src/upstream/telemetry/monitor.js';
import { eventsOf, record } from '../support/journey.js';
import { createMemorySource } from '../support/memory-source.js';
import { reply } from '../support/memory-server.js';
import { closeRig, startRig } from '../support/rig.js';
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

  it('nor is one in which a single member is older, though the others are newer', () => {
    const { shown, upstream, answer } = start();
    answer(1, { timestamp: 100 });
    upstream?.answer(() => 2, { timestamp: ({ name }) => (name === 'b' ? 90 : 110) });
    answer(3, { timestamp: 120 });
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
    const guest = new Cell(readDefinition({ name: 'a', ...sales }), { unwatched: () => undefined });
    expect(sets.admit(guest)).toBe(true);
    expect([guest.state.value?.value, shown]).toEqual([2, [1]]);
  });
});

describe('a set that was refused', () => {
  it('is told in an event, and is opened anew for whoever asks again, be it on hearing of that', async () => {
    const rig = startRig();
    const { clock, server, client } = rig;
    let refusals = 2;
    server.fault = ({ method }) => (method === 'POST' && refusals-- > 0 ? reply(403) : undefined);
    const set$ = client.subscription$([{ name: 'a', ...sales }, { name: 'b', ...sales }]);
    const rejected = eventsOf(client, 'rejected');
    const [refused, again] = [record(set$), record(set$.pipe(retry(1)))];
    await clock.advance(100);
    expect([refused.error, again.error]).toMatchObject([{ name: 'StatisticRejectedError' }, { name: 'StatisticRejectedError' }]);
    expect(rejected.map((event) => event.definitions)).toEqual([[{ name: 'a', ...sales }, { name: 'b', ...sales }], [{ name: 'a', ...sales }, { name: 'b', ...sales }]]);
    expect(server.count('POST')).toBe(2);
    const late = record(set$);
    await clock.advance(100);
    expect([late.values.length, late.error]).toEqual([1, undefined]);
    await closeRig(rig);
  });
});
