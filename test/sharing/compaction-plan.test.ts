import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { absorbed, repacked, type Sized } from '../../src/sharing/compaction-plan.js';

const groupOf = (observed: number): Sized => ({ observed, opened: observed });
const neededFor = (limit: number) => (groups: readonly Sized[]): number => Math.ceil(sizes(groups).reduce((sum, size) => sum + size, 0) / limit);
const sizes = (groups: readonly Sized[]): number[] => groups.map(({ observed }) => observed);

describe('absorbed', () => {
  it.each([
    ['the smallest first, each at most three times the merged part', 1, [1, 2, 12, 3], [1, 2, 3, 12]],
    ['stops at a group that is too large for the merged part', 1, [4], []],
    ['stops at a group that does not fit', 100, [300, 200], [200]],
    ['includes a group that is exactly three times as large', 1, [3], [3]],
    ['no newcomers absorb nothing', 0, [1, 1], []],
    ['not even an empty group', 0, [0, 1], []],
  ])('%s', (_, newcomers, given, chosen) => {
    expect(sizes(absorbed(newcomers, given.map(groupOf), 400))).toEqual(chosen);
  });

  it('keeps statistics that arrive one at a time in few groups, and moves each statistic few times', () => {
    let groups = [] as Sized[];
    let sent = 0;
    for (let arrived = 0; arrived < 500; arrived++) {
      const chosen = absorbed(1, groups, 500);
      const size = 1 + chosen.reduce((sum, group) => sum + group.observed, 0);
      sent += size;
      groups = [...groups.filter((group) => !chosen.includes(group)), groupOf(size)];
    }
    expect(groups.length).toBeLessThanOrEqual(6);
    expect(sent / 500).toBeLessThan(8);
  });

  it('never exceeds the limit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.array(fc.integer({ min: 1, max: 50 })), (newcomers, given) => {
        const chosen = absorbed(newcomers, given.map(groupOf), 50);
        expect(newcomers + sizes(chosen).reduce((a, b) => a + b, 0)).toBeLessThanOrEqual(50);
      }),
    );
  });
});

describe('repacked', () => {
  it.each([
    ['all groups, if they fit into fewer upstreams', [3, 2, 4], [2, 3, 4]],
    ['none, if that saves no upstream', [9, 9], []],
    ['none, if there is only one group', [3], []],
    ['none, if there is no group', [], []],
  ])('%s', (_, given, chosen) => {
    expect(sizes(repacked(given.map(groupOf), neededFor(10)))).toEqual(chosen);
  });

  it.each<[string, Sized, boolean]>([
    ['half unobserved', { observed: 60, opened: 120 }, false],
    ['mostly unobserved', { observed: 59, opened: 120 }, true],
    ['mostly unobserved, but small', { observed: 10, opened: 59 }, false],
    ['mostly unobserved, and just large enough', { observed: 10, opened: 60 }, true],
    ['completely unobserved', { observed: 0, opened: 100 }, false],
  ])('one that is %s (%j) is opened anew: %s', (_, group, chosen) => {
    expect(repacked([group], neededFor(500))).toEqual(chosen ? [group] : []);
  });
});
