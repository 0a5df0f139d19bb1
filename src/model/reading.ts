/**
 * What an answer says of one statistic, as it was parsed. Most readings are no news, so nothing is copied or frozen
 * before somebody is to see it. Owns the way from a reading to the value that a user is given.
 */
import type { Definition } from './definition.js';
import { freezeDeep } from './freeze.js';
import type { StatisticValue } from './statistic.js';
import { epochMilliseconds } from './timestamp.js';

/** The part of an answered statistic that says something. Untrusted: any field may be missing, or anything. */
export interface Reading {
  readonly statisticId?: unknown;
  readonly timestamp?: unknown;
  /** Equal values are kept once: see `Cell.offer`. */
  value?: unknown;
}

/** The value as a user sees it, frozen to the bottom. Names and objects are the definition's own, since a poll need not repeat them. */
export function toValue({ name, objectId, objectType }: Definition, { statisticId: id, timestamp: at, value: raw }: Reading): StatisticValue {
  const timestamp = epochMilliseconds(at);
  const value: unknown = freezeDeep(raw ?? null);
  const statisticId = typeof id === 'number' ? String(id) : id;
  // Written out, since there is one of these for every value that changes.
  if (typeof statisticId !== 'string') {
    return Object.freeze(name === undefined ? { objectId, objectType, timestamp, value } : { name, objectId, objectType, timestamp, value });
  }
  return Object.freeze(
    name === undefined ? { objectId, objectType, statisticId, timestamp, value } : { name, objectId, objectType, statisticId, timestamp, value },
  );
}

/** Whether `a` was generated before `b`; a reading that does not tell is never older. */
export function isOlder(a: Reading, b: Reading): boolean {
  if (a.timestamp === b.timestamp) {
    return false;
  }
  const [first, second] = [epochMilliseconds(a.timestamp), epochMilliseconds(b.timestamp)];
  return first !== null && second !== null && first < second;
}
