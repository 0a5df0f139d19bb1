/** Packing: sets are never divided, shared definitions count once, and single statistics fill the room that sets leave. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countDefinitions, pack, type Packable } from '../../src/sharing/packing.js';

const tenant = (...keys: (string | number)[]): Packable => ({ definitions: keys.map((key) => ({ key: String(key) })) });
const range = (from: number, length: number): number[] => Array.from({ length }, (_, index) => from + index);
const sizes = (bins: readonly Packable[][]): number[] => bins.map(countDefinitions).sort((a, b) => b - a);

describe('packing', () => {
  it('of single statistics needs exactly ceil(N / limit) upstreams, in their order', () => {
    expect(pack(range(0, 7).map((key) => tenant(key)), 3).map((bin) => bin.map(({ definitions: [first] }) => first?.key))).toEqual([['0', '1', '2'], ['3', '4', '5'], ['6']]);
  });

  it('counts a definition that several tenants need once', () => {
    const tenants = [tenant(1, 2, 3), tenant(2, 3, 4), tenant(3), tenant(4, 5), tenant(5)];
    expect(sizes(pack(tenants, 5))).toEqual([5]);
  });

  it('puts a set where the fewest definitions are new', () => {
    const [first, second, third] = [tenant(1, 2, 3, 4), tenant(5, 6, 7, 8), tenant(8, 9)];
    const bins = pack([first, second, third], 5);
    expect(bins.find((bin) => bin.includes(third))).toContain(second);
    expect(sizes(bins)).toEqual([5, 4]);
  });

  it('fills the room that sets leave with single statistics', () => {
    expect(sizes(pack([tenant(1, 2, 3), tenant(4, 5, 6), ...range(10, 4).map((key) => tenant(key))], 5))).toEqual([5, 5]);
  });

  it('gives a set larger than the limit an upstream that it shares only with tenants it contains', () => {
    const large = tenant(...range(0, 8));
    const bins = pack([large, tenant(3), tenant(2, 4), tenant(20)], 5);
    expect(sizes(bins)).toEqual([8, 1]);
    expect(bins.find((bin) => bin.includes(large))).toHaveLength(3);
  });

  it('never divides a set, loses no tenant, and exceeds the limit only for a larger set', () => {
    fc.assert(
      fc.property(fc.array(fc.uniqueArray(fc.nat(30), { minLength: 1, maxLength: 8 }), { maxLength: 30 }), fc.integer({ min: 1, max: 10 }), (sets, limit) => {
        const tenants = sets.map((keys) => tenant(...keys));
        const bins = pack(tenants, limit);
        expect(new Set(bins.flat())).toEqual(new Set(tenants));
        expect(bins.flat()).toHaveLength(tenants.length);
        for (const bin of bins) {
          const largest = Math.max(...bin.map(({ definitions }) => definitions.length));
          expect(countDefinitions(bin)).toBeLessThanOrEqual(Math.max(limit, largest));
        }
      }),
    );
  });
});
