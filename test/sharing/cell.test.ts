/** What a cell makes of readings whose order only their timestamps tell. */
import { describe, expect, it } from 'vitest';
import { readDefinition } from '../../src/model/definition.js';
import { Cell } from '../../src/sharing/cell.js';

const keeper = { now: () => 0, unwatched: () => undefined };
const newCell = (): Cell => new Cell(readDefinition({ name: 'a', objectId: 'Sales@SIP', objectType: 'Queue' }), keeper);

describe('a cell', () => {
  it('G5: passes over what another upstream opens with, if it is older, and takes it when that says it again: its clock is behind', () => {
    const cell = newCell();
    const [before, after] = [{ from: 'before' }, { from: 'after' }];
    cell.offer({ timestamp: 2000, value: 1 }, { session: before, opening: false, reopened: false });
    const reading = { timestamp: 1000, value: 2 };
    expect(cell.attentive).toBe(false);
    expect(cell.offer(reading, { session: after, opening: true, reopened: false })).toBe(false);
    expect(cell.attentive, 'to be offered the same again').toBe(true);
    expect(cell.offer(reading, { session: after, opening: false, reopened: false })).toBe(true);
    expect(cell.attentive).toBe(false);
  });

  it('G5: never takes an older reading of the same session, and does not ask for it again', () => {
    const cell = newCell();
    const session = {};
    cell.offer({ timestamp: 2000, value: 1 }, { session, opening: false, reopened: false });
    expect(cell.offer({ timestamp: 1000, value: 2 }, { session, opening: false, reopened: false })).toBe(false);
    expect(cell.attentive).toBe(false);
  });
});
