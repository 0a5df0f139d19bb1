/** The tenants that an answer is offered to: those at home in its group for which something changed, or that want every answer. */
import { describe, expect, it } from 'vitest';
import { readDefinition } from '../../src/model/definition.js';
import { Cell } from '../../src/sharing/cell.js';
import { Residents } from '../../src/sharing/residents.js';
import { LiveSet } from '../../src/sharing/set.js';
import type { Home, Tenant } from '../../src/sharing/tenant.js';
import type { Answer } from '../../src/upstream/source.js';

const nowhere: Home = { enter: () => undefined, leave: () => undefined, moveOut: () => () => undefined, reconsider: () => undefined };
const registrar = { unobserved: () => undefined };
const definitionOf = (name: string) => readDefinition({ name, objectId: 'Sales@SIP', objectType: 'Queue' });
const cell = (name: string): Cell => new Cell(definitionOf(name), registrar);
const setOf = (...names: string[]): LiveSet => new LiveSet(names.join(), names.map(definitionOf), registrar);

function house(...tenants: Tenant[]): { home: Home; residents: Residents } {
  const home = { ...nowhere };
  const residents = new Residents(tenants);
  for (const tenant of tenants) {
    tenant.home = home;
    residents.settle(tenant, residents.find(tenant) ?? []);
  }
  return { home, residents };
}

const session = {};
const answerOf = (values: readonly number[], changed?: readonly number[]): Answer => ({
  readings: values.map((value) => ({ value })), changed, session, receivedAt: 0, serverTime: Number.POSITIVE_INFINITY, previousAt: 0, staleBefore: Number.NEGATIVE_INFINITY, opening: false, reopened: false,
});
const valuesOf = (set: LiveSet): unknown[] | undefined => set.current?.map(({ value }) => value);

describe('an answer', () => {
  it('G5: is not offered to a tenant that lives in another group by now', () => {
    const [here, moved, set] = [cell('a'), cell('b'), setOf('a', 'b')];
    const { home, residents } = house(here, moved, set);
    moved.home = set.home = { ...nowhere };
    expect(residents.fanOut(answerOf([1, 1]), home, false)).toBe(1);
    expect([here.current?.value, moved.current, set.current]).toEqual([1, undefined, undefined]);
  });

  it('in which nothing changed is offered only to tenants that passed over the last one', () => {
    const [one, other] = [cell('a'), cell('b')];
    const { home, residents } = house(one, other);
    expect(residents.fanOut(answerOf([1, 1], [0]), home, true)).toBe(1);
    expect([one.current?.value, other.current]).toEqual([1, undefined]);
    expect(residents.fanOut(answerOf([1, 1], []), home, false)).toBe(1);
    expect(other.current?.value).toBe(1);
  });

  it('counts a definition once, however many tenants find it changed', () => {
    const { home, residents } = house(cell('a'), setOf('a', 'b'), setOf('a', 'c'));
    expect(residents.definitions.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
    expect(residents.fanOut(answerOf([1, 2, 3]), home, false)).toBe(3);
    expect(residents.fanOut(answerOf([9, 2, 3], [0]), home, true)).toBe(1);
  });

  it('G6: reaches every set that holds a changed member, as a whole, and no other', () => {
    const [left, right] = [setOf('a', 'b'), setOf('b', 'c')];
    const { home, residents } = house(left, right);
    residents.fanOut(answerOf([1, 2, 3]), home, false);
    const before = right.current;
    residents.fanOut(answerOf([9, 2, 3], [0]), home, true);
    expect([valuesOf(left), right.current]).toEqual([[9, 2], before]);
    residents.fanOut(answerOf([9, 8, 7], [1, 2]), home, true);
    expect([valuesOf(left), valuesOf(right)]).toEqual([[9, 8], [8, 7]]);
  });
});

describe('the residents of a group', () => {
  it('claim a definition as long as one tenant that needs it is observed', () => {
    const [one, set] = [cell('a'), setOf('a', 'b')];
    const { residents } = house(one, set);
    residents.claim(one, 1);
    residents.claim(set, 1);
    expect([residents.claimed, residents.isClaimed(0), residents.isClaimed(1)]).toEqual([2, true, true]);
    residents.claim(one, -1);
    expect([residents.claimed, residents.isClaimed(0)]).toEqual([2, true]);
    residents.claim(set, -1);
    expect([residents.claimed, residents.isClaimed(0), residents.isClaimed(1)]).toEqual([0, false, false]);
  });

  it('hold a tenant if they hold all of its definitions', () => {
    const { residents } = house(cell('a'), setOf('b', 'c'));
    expect(residents.find(setOf('c', 'a'))).toEqual([2, 0]);
    expect(residents.find(cell('b'))).toEqual([1]);
    expect(residents.find(setOf('a', 'd'))).toBeUndefined();
  });
});
