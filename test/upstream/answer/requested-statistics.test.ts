/** G8: which statistics are asked for, and which are given up since no answer ever held them. */
import { describe, expect, it } from 'vitest';
import { readDefinition } from '../../../src/model/definition.js';
import { createRequestedStatistics } from '../../../src/upstream/answer/requested-statistics.js';

const definitions = ['a', 'b', 'c'].map((name) => readDefinition({ name, objectId: 'Sales@SIP', objectType: 'Queue' }));
const names = (wanted: readonly ({ readonly name?: string | undefined } | undefined)[]) => wanted.map((definition) => definition?.name);

describe('holdings', () => {
  it('give up what two polls have not held, once, and want it no more', () => {
    const holdings = createRequestedStatistics(definitions);
    holdings.hold([{}, undefined, {}]);
    expect(holdings.giveUp(undefined)).toEqual([]);
    expect(holdings.giveUp(undefined)).toEqual([1]);
    expect(holdings.giveUp(undefined)).toEqual([]);
    expect([names(holdings.wanted), holdings.count()]).toEqual([['a', undefined, 'c'], 2]);
  });

  it('count the polls that asked for it, and no others', () => {
    const holdings = createRequestedStatistics(definitions);
    expect([holdings.giveUp([0]), holdings.giveUp([1]), holdings.giveUp([0, 2])]).toEqual([[], [], [0]]);
    holdings.hold([undefined, {}, undefined]);
    expect(holdings.giveUp(undefined)).toEqual([2]);
    expect(names(holdings.wanted)).toEqual([undefined, 'b', undefined]);
  });

  it('never give up what was held once', () => {
    const holdings = createRequestedStatistics(definitions);
    holdings.hold([{}, {}, {}]);
    holdings.hold([undefined, undefined, undefined]);
    expect([holdings.giveUp(undefined), holdings.giveUp(undefined), holdings.giveUp(undefined)]).toEqual([[], [], []]);
  });

  it('tell whether any of some was ever held', () => {
    const holdings = createRequestedStatistics(definitions);
    expect([holdings.hasHeld(undefined), holdings.hasHeld([0, 1])]).toEqual([false, false]);
    holdings.hold([undefined, undefined, {}]);
    expect([holdings.hasHeld(undefined), holdings.hasHeld([0, 1]), holdings.hasHeld([1, 2]), holdings.hasHeld([])]).toEqual([true, false, true, false]);
  });
});
