/** The memory of one statistic: the order of its readings, its state, and its observers. */
import { describe, expect, it } from 'vitest';
import { StatisticsError } from '../../src/index.js';
import { readDefinition } from '../../src/model/definition.js';
import type { Reading } from '../../src/model/reading.js';
import { Cell } from '../../src/sharing/cell.js';
import type { AnswerOrigin } from '../../src/upstream/source.js';
import type { Observer } from '../../src/sharing/tenant.js';
import type { StatisticValue } from '../../src/index.js';

let now = 0;
const registrar = { unobserved: () => undefined };
const newCell = (): Cell => {
  const cell = new Cell(readDefinition({ name: 'a', objectId: 'Sales@SIP', objectType: 'Queue' }), registrar);
  cell.places = [0];
  return cell;
};

/** Offers a reading to the cell. Returns whether its value was new. */
function offer(cell: Cell, reading: Reading, origin: Partial<AnswerOrigin>): boolean {
  const news = new Uint8Array(1);
  cell.take({ session: cell, receivedAt: now, serverTime: Number.POSITIVE_INFINITY, previousAt: 0, staleBefore: Number.NEGATIVE_INFINITY, opening: false, reopened: false, ...origin, readings: [reading], changed: undefined }, undefined, news);
  return news[0] === 1;
}

describe('a cell', () => {
  it('G5: passes over an older reading in the opening of another upstream, and accepts it when a poll repeats it, since that clock is slow', () => {
    const cell = newCell();
    const [before, after] = [{ from: 'before' }, { from: 'after' }];
    offer(cell, { timestamp: 2000, value: 1 }, { session: before, opening: false });
    const reading = { timestamp: 1000, value: 2 };
    expect(cell.wantsUnchanged).toBe(false);
    expect(offer(cell, reading, { session: after, opening: true })).toBe(false);
    expect(cell.wantsUnchanged, 'it is to be offered the same again').toBe(true);
    expect(offer(cell, reading, { session: after, opening: false })).toBe(true);
    expect(cell.wantsUnchanged).toBe(false);
  });

  it('G5: never accepts an older reading of the same session, and needs every answer as long as the server repeats it', () => {
    const cell = newCell();
    const session = {};
    offer(cell, { timestamp: 2000, value: 1 }, { session, opening: false });
    expect(offer(cell, { timestamp: 1000, value: 2 }, { session, opening: false })).toBe(false);
    expect(cell.wantsUnchanged).toBe(true);
  });

  it('G12: has a frozen state, with the time when its value last changed or was confirmed after it had been stale', () => {
    const cell = newCell();
    const session = {};
    const take = (value: number): boolean => offer(cell, { value }, { session, opening: false });
    expect(cell.state).toEqual({ status: 'pending' });
    now = 100;
    take(1);
    now = 200;
    take(1);
    expect(cell.state).toMatchObject({ status: 'live', value: { value: 1 }, receivedAt: 100 });
    const error = new StatisticsError('mine');
    cell.stale(error);
    expect(cell.state).toMatchObject({ status: 'stale', value: { value: 1 }, error, receivedAt: 100 });
    now = 300;
    expect(take(1)).toBe(false);
    expect(cell.state).toMatchObject({ status: 'live', receivedAt: 300 });
    expect(cell.state).not.toHaveProperty('error');
    now = 400;
    expect(take(2)).toBe(true);
    expect(cell.state).toMatchObject({ status: 'live', value: { value: 2 }, receivedAt: 400 });
    expect([cell.state, cell.state.value].map(Object.isFrozen)).toEqual([true, true]);
    cell.fail(error);
    expect(cell.state).toMatchObject({ status: 'failed', error, value: { value: 2 } });
  });

  it('I2: is observed until its last observer has left; the remaining observers are notified as before', () => {
    const left: unknown[] = [];
    const cell = new Cell(readDefinition({ name: 'a', objectId: 'Sales@SIP', objectType: 'Queue' }), { unobserved: (which) => left.push(which) });
    cell.places = [0];
    const heard: unknown[][] = [];
    const observers = [0, 1, 2].map((index): Observer<StatisticValue> => {
      heard[index] = [];
      return {
        tenant: undefined, wantsUnchanged: false, interval: undefined,
        value: ({ value }) => heard[index]?.push(value),
        state: () => undefined, fail: () => undefined, complete: () => undefined, unsubscribe: () => undefined,
      };
    });
    const [first, second, third] = observers as [Observer<StatisticValue>, Observer<StatisticValue>, Observer<StatisticValue>];
    const take = (value: number): boolean => offer(cell, { value }, { session: cell, opening: false });
    observers.forEach((observer) => cell.join(observer));
    take(1);
    cell.leave(second);
    take(2);
    cell.leave(first);
    take(3);
    expect([cell.observed, left]).toEqual([true, []]);
    cell.leave(third);
    take(4);
    expect([cell.observed, left]).toEqual([false, [cell]]);
    expect(heard).toEqual([[1, 2], [1], [1, 2, 3]]);
  });
});
