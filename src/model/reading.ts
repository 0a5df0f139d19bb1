/**
 * A reading is one statistic of an answer, as it was parsed. Most readings hold nothing new, so a reading is copied and frozen only
 * when an observer receives it. Owns the conversion from a reading to the value that a program receives.
 */
import type { Definition } from './definition.js';
import { freezeDeep } from './freeze.js';
import type { StatisticValue } from './statistic.js';
import { epochMilliseconds } from './timestamp.js';

/** The fields of an answered statistic that are read. Untrusted: any field may be missing, or hold anything. */
export interface Reading {
  readonly statisticId?: unknown;
  readonly timestamp?: unknown;
  /** Not readonly, because `Cell.take` replaces a value by an equal earlier one, so that only one of them is kept. */
  value?: unknown;
}

/** The value that a program receives, deeply frozen (G12). Name and object come from the definition, because polls need not repeat them. */
export function toValue({ name, objectId, objectType }: Definition, { statisticId: id, timestamp: at, value: raw }: Reading): StatisticValue {
  const timestamp = epochMilliseconds(at);
  const value: unknown = freezeDeep(raw ?? null);
  const statisticId = typeof id === 'number' && Math.abs(id) <= Number.MAX_SAFE_INTEGER ? String(id) : id;
  // Spelled out without spreads for speed: every changed value takes this path.
  if (typeof statisticId !== 'string') {
    return Object.freeze(name === undefined ? { objectId, objectType, timestamp, value } : { name, objectId, objectType, timestamp, value });
  }
  return Object.freeze(
    name === undefined ? { objectId, objectType, statisticId, timestamp, value } : { name, objectId, objectType, statisticId, timestamp, value },
  );
}

/** Milliseconds by which the clocks of a server may differ. */
const clockTolerance = 1000;

/**
 * Whether a reading's timestamp is later than its answer.
 *
 * @param serverTime - when the server answered, in epoch milliseconds.
 */
export function isAhead({ timestamp }: Reading, serverTime: number): boolean {
  const time = epochMilliseconds(timestamp);
  return time !== null && time > serverTime + clockTolerance;
}

/** Whether `a` was generated before `b`. Always `false` if one of them has no usable timestamp. */
export function isOlder(a: Reading, b: Reading): boolean {
  if (a.timestamp === b.timestamp) {
    return false;
  }
  const first = epochMilliseconds(a.timestamp);
  const second = epochMilliseconds(b.timestamp);
  return first !== null && second !== null && first < second;
}
