/** The numbers of a snapshot, under the same keys or in the same order. Knows no formula. */
import { numberOf, type StatisticValue } from '../index.js';
import { recordOf } from './record.js';

/** A snapshot as `subscription$` and `combineStatistics` emit it: values by key, or in order. */
export type KpiSnapshot = { readonly [key: string]: StatisticValue } | readonly StatisticValue[];

/** The type that a snapshot must have. It also accepts a program's `interface`, which has no index signature. */
export type SnapshotOf<S> = { readonly [K in keyof S]: StatisticValue };

/** The inputs of a formula: the keys or places of a snapshot, with each member's number or `null`. */
export type KpiInputs<S> = { readonly [K in keyof S]: number | null };

export function snapshotNumbers(snapshot: KpiSnapshot): KpiInputs<KpiSnapshot> {
  if (Array.isArray(snapshot)) {
    return (snapshot as readonly StatisticValue[]).map(({ value }) => numberOf(value));
  }
  return recordOf(Object.keys(snapshot), Object.values(snapshot).map(({ value }) => numberOf(value)));
}

/** Converts the result of any formula to a finite number, or `null`. */
export function finiteResult(result: number | null): number | null {
  // Number.isFinite is false for anything but a number. Adding 0 turns -0 into 0.
  return result !== null && Number.isFinite(result) ? result + 0 : null;
}
