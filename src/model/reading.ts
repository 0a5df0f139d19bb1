/**
 * A reading: one statistic of an answer, as it was parsed. Most readings bring no news, so nothing is copied or frozen until
 * an observer is to see it. Owns the conversion from a reading to the value that a program is given.
 */
import type { Definition } from './definition.js';
import { freezeDeep } from './freeze.js';
import type { StatisticValue } from './statistic.js';
import { epochMilliseconds } from './timestamp.js';

/** The fields of an answered statistic that are read. Untrusted: any field may be missing, or hold anything. */
export interface Reading {
  readonly statisticId?: unknown;
  readonly timestamp?: unknown;
  /** Not readonly: a value that equals the last one is replaced by it, so that only one is kept. See `Cell.take`. */
  value?: unknown;
}

/** The value as a program sees it, frozen to the bottom (G12). Name and object are the definition's, since polls need not repeat them. */
export function toValue({ name, objectId, objectType }: Definition, { statisticId: id, timestamp: at, value: raw }: Reading): StatisticValue {
  const timestamp = epochMilliseconds(at);
  const value: unknown = freezeDeep(raw ?? null);
  const statisticId = typeof id === 'number' && Math.abs(id) <= Number.MAX_SAFE_INTEGER ? String(id) : id;
  // Written out without spreads, since every changed value takes this path.
  if (typeof statisticId !== 'string') {
    return Object.freeze(name === undefined ? { objectId, objectType, timestamp, value } : { name, objectId, objectType, timestamp, value });
  }
  return Object.freeze(
    name === undefined ? { objectId, objectType, statisticId, timestamp, value } : { name, objectId, objectType, statisticId, timestamp, value },
  );
}

/** Milliseconds: a server's clocks may differ by this much. */
const clockTolerance = 1000;

/**
 * Whether a reading's timestamp lies in the future of its answer.
 *
 * @param serverTime - epoch milliseconds: when the server answered.
 */
export function isAhead({ timestamp }: Reading, serverTime: number): boolean {
  const time = epochMilliseconds(timestamp);
  return time !== null && time > serverTime + clockTolerance;
}

/** Whether `a` was generated before `b`; a reading without a usable timestamp is never older. */
export function isOlder(a: Reading, b: Reading): boolean {
  if (a.timestamp === b.timestamp) {
    return false;
  }
  const first = epochMilliseconds(a.timestamp);
  const second = epochMilliseconds(b.timestamp);
  return first !== null && second !== null && first < second;
}
