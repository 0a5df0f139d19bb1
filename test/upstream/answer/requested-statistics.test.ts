/** G8: which statistics are requested, and which are dropped because no answer ever held them. */
import { describe, expect, it } from 'vitest';
import { readDefinition } from '../../../src/model/definition.js';
import { createRequestedStatistics } from '../../../src/upstream/answer/requested-statistics.js';

const definitions = ['a', 'b', 'c'].map((name) => readDefinition({ name, objectId: 'Sales@SIP', objectType: 'Queue' }));
const namesOf = (wanted: readonly ({ readonly name?: string | undefined } | undefined)[]) => wanted.map((definition) => definition?.name);

describe('requested statistics', () => {
  it('drop a statistic once, after two polls without it, and do not request it any more', () => {
    const requested = createRequestedStatistics(definitions);
    requested.markSeen([{}, undefined, {}]);
    expect(requested.dropMissing(undefined)).toEqual([]);
    expect(requested.dropMissing(undefined)).toEqual([1]);
    expect(requested.dropMissing(undefined)).toEqual([]);
    expect([namesOf(requested.wanted), requested.count()]).toEqual([['a', undefined, 'c'], 2]);
  });

  it('count only the polls that asked for the statistic', () => {
    const requested = createRequestedStatistics(definitions);
    expect([requested.dropMissing([0]), requested.dropMissing([1]), requested.dropMissing([0, 2])]).toEqual([[], [], [0]]);
    requested.markSeen([undefined, {}, undefined]);
    expect(requested.dropMissing(undefined)).toEqual([2]);
    expect(namesOf(requested.wanted)).toEqual([undefined, 'b', undefined]);
  });

  it('never drop a statistic that any answer has held', () => {
    const requested = createRequestedStatistics(definitions);
    requested.markSeen([{}, {}, {}]);
    requested.markSeen([undefined, undefined, undefined]);
    expect([requested.dropMissing(undefined), requested.dropMissing(undefined), requested.dropMissing(undefined)]).toEqual([[], [], []]);
  });

  it('know whether any of some statistics was ever seen', () => {
    const requested = createRequestedStatistics(definitions);
    expect([requested.hasSeen(undefined), requested.hasSeen([0, 1])]).toEqual([false, false]);
    requested.markSeen([undefined, undefined, {}]);
    expect([requested.hasSeen(undefined), requested.hasSeen([0, 1]), requested.hasSeen([1, 2]), requested.hasSeen([])]).toEqual([true, false, true, false]);
  });
});
