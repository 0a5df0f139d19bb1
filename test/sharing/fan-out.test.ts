/** Whom an answer is offered to: those that live where it came from, and found it changed, or wait to hear of it. */
import { describe, expect, it } from 'vitest';
import { readDefinition } from '../../src/model/definition.js';
import { Cell, type Home } from '../../src/sharing/cell.js';
import { offerTo } from '../../src/sharing/fan-out.js';
import type { Answer } from '../../src/upstream/source.js';

const nowhere = { enter: () => undefined, leave: () => undefined, reconsider: () => undefined };

function cellAt(home: Home): Cell {
  const cell = new Cell(readDefinition({ name: 'a', objectId: 'Sales@SIP', objectType: 'Queue' }), { unwatched: () => undefined });
  cell.home = home;
  return cell;
}

const answer = (value: number, changed?: readonly number[]): Answer => {
  const reading = { value };
  return { readings: [reading, reading], changed, session: nowhere, receivedAt: 0, opening: false, reopened: false };
};

describe('an answer', () => {
  it('G5: is not offered to a cell that lives elsewhere by now', () => {
    const home: Home = { ...nowhere };
    const [here, moved] = [cellAt(home), cellAt({ ...nowhere })];
    expect(offerTo([here, moved], answer(1), home, false)).toBe(1);
    expect([here.known, moved.known]).toEqual([true, false]);
  });

  it('in which nothing changed is offered to those alone that have not taken the last', () => {
    const home: Home = { ...nowhere };
    const [one, other] = [cellAt(home), cellAt(home)];
    expect(offerTo([one, other], answer(1, [0]), home, true)).toBe(1);
    expect([one.known, other.known]).toEqual([true, false]);
    expect(offerTo([one, other], answer(1, []), home, false)).toBe(1);
    expect(offerTo([one, undefined], answer(2, [0, 1]), home, false)).toBe(1);
  });
});
