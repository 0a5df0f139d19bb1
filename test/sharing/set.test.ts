/** The memory of a set: the answers that it accepts, from one session or from several. */
import { retry } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { StatisticsError, type StatisticValue } from '../../src/index.js';
import { readDefinition } from '../../src/model/definition.js';
import { LiveSet } from '../../src/sharing/set.js';
import { eventsOf, record } from '../support/journey.js';
import { reply } from '../support/memory-server.js';
import { closeRig, startRig } from '../support/rig.js';

const sales = { objectId: 'Sales@SIP', objectType: 'Queue' };
const definitions = ['a', 'b'].map((name) => readDefinition({ name, ...sales }));

interface Given {
  /** An answer with readings of the two members. */
  readonly at: readonly [number, number];
  readonly reopened?: boolean;
  readonly moved?: boolean;
  readonly changed?: readonly number[];
  readonly lacks?: number;
}

function start() {
  const set = new LiveSet('set', definitions, { unobserved: () => undefined });
  set.places = [0, 1];
  const shown: unknown[] = [];
  set.join({
    tenant: undefined, wantsUnchanged: false, interval: undefined,
    value: (values: readonly StatisticValue[], unchanged) => (unchanged ? undefined : shown.push(values.map(({ value }) => value))),
    state: () => undefined, fail: () => undefined, complete: () => undefined, unsubscribe: () => undefined,
  });
  let session = {};
  let opened = false;
  const take = (values: readonly [unknown, unknown], { at, reopened = false, moved = false, changed, lacks }: Given): readonly number[] => {
    if (reopened || moved) {
      session = {};
    }
    const opening = !opened || reopened || moved;
    opened = true;
    const readings = values.map((value, index) => (index === lacks ? undefined : { value, timestamp: at[index] }));
    const news = new Uint8Array(2);
    set.take({ readings, changed, session, receivedAt: 0, serverTime: Number.POSITIVE_INFINITY, previousAt: 0, staleBefore: Number.NEGATIVE_INFINITY, opening, reopened }, changed && new Set(changed), news);
    return [...news.keys()].filter((place) => news[place] === 1);
  };
  return { set, shown, take };
}

describe('a set accepts', () => {
  it('G5: no answer that is older than the last one of its session', () => {
    const { shown, take } = start();
    take([1, 1], { at: [100, 100] });
    take([2, 2], { at: [90, 90] });
    take([3, 3], { at: [100, 100] });
    expect(shown).toEqual([[1, 1], [3, 3]]);
  });

  it('G6: no answer in which one member is older, even if the others are newer', () => {
    const { shown, take } = start();
    take([1, 1], { at: [100, 100] });
    take([2, 2], { at: [110, 90] });
    take([3, 3], { at: [120, 120] });
    expect(shown).toEqual([[1, 1], [3, 3]]);
  });

  it('G6: no answer that lacks a member; the next answer is compared as a whole, whatever its list of changes', () => {
    const { set, shown, take } = start();
    take([1, 1], { at: [100, 100] });
    take([2, 2], { at: [110, 110], lacks: 1 });
    expect(set.wantsUnchanged).toBe(true);
    expect(take([2, 1], { at: [120, 120], changed: [] })).toEqual([0]);
    expect(shown).toEqual([[1, 1], [2, 1]]);
    expect(set.wantsUnchanged).toBe(false);
  });

  it('G5: no older value from an upstream that was open beside the last one', () => {
    const { shown, take } = start();
    take([1, 1], { at: [100, 100] });
    take([2, 2], { at: [90, 90], moved: true });
    take([3, 3], { at: [110, 110] });
    expect(shown).toEqual([[1, 1], [3, 3]]);
  });

  it('G5: anything after a loss, since the clock may be another one', () => {
    const { shown, take } = start();
    take([1, 1], { at: [100, 100] });
    take([2, 2], { at: [90, 90], reopened: true });
    take([3, 3], { at: [80, 80] });
    expect(shown).toEqual([[1, 1], [2, 2]]);
  });

  it('changes only at the listed places, and keeps the other values as they are', () => {
    const { set, take } = start();
    take([1, 1], { at: [100, 100] });
    const before = set.current;
    expect(take([1, 5], { at: [100, 110], changed: [1] })).toEqual([1]);
    expect([set.current?.[0] === before?.[0], set.current?.[1]?.value]).toEqual([true, 5]);
  });
});

describe('the state of a set', () => {
  it('is pending, live with a snapshot, stale with the last one, and live again', () => {
    const { set, take } = start();
    expect(set.state).toEqual({ status: 'pending' });
    take([1, 1], { at: [100, 100] });
    expect(set.state).toMatchObject({ status: 'live', value: [{ value: 1 }, { value: 1 }], receivedAt: 0 });
    const error = new StatisticsError('mine');
    set.stale(error);
    expect(set.state).toMatchObject({ status: 'stale', value: [{ value: 1 }, { value: 1 }], error });
    expect(set.wantsUnchanged).toBe(true);
    take([1, 1], { at: [110, 110], changed: [] });
    expect(set.state).toMatchObject({ status: 'live' });
    expect(Object.isFrozen(set.state)).toBe(true);
  });
});

describe('a set that was refused', () => {
  it('is reported in an event that names the member at fault, and is opened anew when requested again, even inside the error handler', async () => {
    const rig = startRig();
    const { clock, server, client } = rig;
    let isRefusing = true;
    server.fault = ({ method, body }) => (isRefusing && method === 'POST' && body?.includes('"b"') === true ? reply(403) : undefined);
    const set$ = client.subscription$([{ name: 'a', ...sales }, { name: 'b', ...sales }]);
    const rejected = eventsOf(client, 'rejected');
    const [refused, again] = [record(set$), record(set$.pipe(retry(1)))];
    await clock.advance(1000);
    const culprit = { name: 'StatisticRejectedError', definitions: [{ name: 'b', ...sales }] };
    expect([refused.error, again.error]).toMatchObject([culprit, culprit]);
    expect(rejected.map((event) => event.definitions)).toEqual([[{ name: 'b', ...sales }], [{ name: 'b', ...sales }]]);
    isRefusing = false;
    const late = record(set$);
    await clock.advance(100);
    expect([late.values.length, late.error]).toEqual([1, undefined]);
    await closeRig(rig);
  });
});
