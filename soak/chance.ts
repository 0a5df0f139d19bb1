/** Chance that can be had again from a seed: mulberry32. */

export interface Chance {
  /** At least 0, below 1. */
  next(): number;
  /** A whole number from 0, below `limit`. */
  below(limit: number): number;
  oneOf<T>(list: readonly T[]): T;
}

export function createChance(seed: number): Chance {
  let state = seed;
  function next(): number {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    next,
    below,
    oneOf(list) {
      if (list.length === 0) {
        throw new RangeError('nothing to choose from');
      }
      return list[below(list.length)] as (typeof list)[number];
    },
  };
}
