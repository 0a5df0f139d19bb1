/** What a cell makes of readings whose order only their timestamps tell. */
import { describe, expect, it } from 'vitest';
import { StatisticsError } from '../../src/index.js';
import { readDefinition } from '../../src/model/definition.js';
import { Cell, type Watcher } from '../../src/sharing/cell.js';

let now = 0;
const keeper = { unwatched: () => undefined };
const newCell = (): Cell => new Cell(readDefinition({ name: 'a', objectId: 'Sales@SIP', objectType: 'Queue' }), keeper);

describe('a cell', () => {
  it('G5: passes over what another upstream opens with, if it is older, and takes it when that says it again: its clock is behind', () => {
    const cell = newCell();
    const [before, after] = [{ from: 'before' }, { from: 'after' }];
    cell.offer({ timestamp: 2000, value: 1 }, { session: before, receivedAt: now, opening: false, reopened: false });
    const reading = { timestamp: 1000, value: 2 };
    expect(cell.attentive).toBe(false);
    expect(cell.offer(reading, { session: after, receivedAt: now, opening: true, reopened: false })).toBe(false);
    expect(cell.attentive, 'to be offered the same again').toBe(true);
    expect(cell.offer(reading, { session: after, receivedAt: now, opening: false, reopened: false })).toBe(true);
    expect(cell.attentive).toBe(false);
  });

  it('G5: never takes an older reading of the same session, and does not ask for it again', () => {
    const cell = newCell();
    const session = {};
    cell.offer({ timestamp: 2000, value: 1 }, { session, receivedAt: now, opening: false, reopened: false });
    expect(cell.offer({ timestamp: 1000, value: 2 }, { session, receivedAt: now, opening: false, reopened: false })).toBe(false);
    expect(cell.attentive).toBe(false);
  });

  it('G12: tells its state, and when its value last became another or was confirmed after having been stale', () => {
    const cell = newCell();
    const session = {};
    const offer = (value: number): boolean => cell.offer({ value }, { session, receivedAt: now, opening: false, reopened: false });
    expect(cell.state).toEqual({ status: 'pending' });
    now = 100;
    offer(1);
    now = 200;
    offer(1);
    expect(cell.state).toMatchObject({ status: 'live', value: { value: 1 }, receivedAt: 100 });
    const error = new StatisticsError('mine');
    cell.stale(error);
    expect(cell.state).toMatchObject({ status: 'stale', value: { value: 1 }, error, receivedAt: 100 });
    now = 300;
    expect(offer(1)).toBe(false);
    expect(cell.state).toMatchObject({ status: 'live', receivedAt: 300 });
    expect(cell.state).not.toHaveProperty('error');
    now = 400;
    expect(offer(2)).toBe(true);
    expect(cell.state).toMatchObject({ status: 'live', value: { value: 2 }, receivedAt: 400 });
    expect([cell.state, cell.state.value].map(Object.isFrozen)).toEqual([true, true]);
    cell.forget();
    expect(cell.state).toEqual({ status: 'pending' });
    cell.fail(error);
    expect(cell.state).toEqual({ status: 'failed', error });
  });

  it('I2: is watched until the last of its watchers has left, who is told as before', () => {
    const left: Cell[] = [];
    const cell = new Cell(readDefinition({ name: 'a', objectId: 'Sales@SIP', objectType: 'Queue' }), { unwatched: (which) => left.push(which) });
    const heard: unknown[][] = [];
    const watchers = [0, 1, 2].map((index): Watcher => {
      heard[index] = [];
      return {
        cell: undefined, hearsAll: false, interval: undefined,
        value: ({ value }) => heard[index]?.push(value),
        state: () => undefined, fail: () => undefined, complete: () => undefined, unsubscribe: () => undefined,
      };
    });
    const [first, second, third] = watchers as [Watcher, Watcher, Watcher];
    const offer = (value: number): boolean => cell.offer({ value }, { session: cell, receivedAt: now, opening: false, reopened: false });
    watchers.forEach((watcher) => cell.join(watcher));
    offer(1);
    cell.leave(second);
    offer(2);
    cell.leave(first);
    offer(3);
    expect([cell.watched, left]).toEqual([true, []]);
    cell.leave(third);
    offer(4);
    expect([cell.watched, left]).toEqual([false, [cell]]);
    expect(heard).toEqual([[1, 2], [1], [1, 2, 3]]);
  });
});
