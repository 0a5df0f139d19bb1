/**
 * The operator that turns snapshots into one number by a formula. Computes once per snapshot (G6) and emits only when the number
 * changes. Knows neither the formulas nor the source of snapshots.
 */
import { distinctUntilChanged, map, type OperatorFunction } from 'rxjs';
import type { StatisticValue } from '../index.js';
import { finiteResult, snapshotNumbers, type KpiInputs, type KpiSnapshot, type SnapshotOf } from './snapshot-numbers.js';

/**
 * An operator from a snapshot to the result of a formula, or `null`.
 *
 * The formula is called once per snapshot. It receives the number of each member, as `numeric()` reads it, under the same keys, or as
 * a tuple in the same order. The result is emitted when it differs from the last one, in the formula's unit. A result that is not a
 * finite number becomes `null`.
 *
 * An error that the formula throws ends the stream. Unsubscribing unsubscribes the source. TypeScript reports a snapshot that lacks a
 * key of the formula; further keys are harmless.
 *
 * @example
 * subscription$({
 *   answered: { name: 'Total_Answered', objectId: 'Sales@SIP', objectType: 'Queue' },
 *   abandoned: { name: 'Total_Abandoned', objectId: 'Sales@SIP', objectType: 'Queue' },
 * }).pipe(kpi(abandonRate)).subscribe((rate) => { ... }); // null, 0, 12.5 ...
 */
// The first overload takes the keys from the stream that this is piped into, so that a formula written in place needs no types. The
// second takes them from the formula, for an operator that is kept in a variable.
export function kpi<S extends SnapshotOf<S>>(
  formula: (inputs: NoInfer<KpiInputs<S>>) => number | null,
): OperatorFunction<S, number | null>;
export function kpi<I extends { readonly [K in keyof I]: number | null | undefined }>(
  formula: ((inputs: I) => number | null) & ((inputs: KpiInputs<I>) => number | null),
): OperatorFunction<{ readonly [K in keyof I]: StatisticValue }, number | null>;
export function kpi(formula: (inputs: never) => number | null): OperatorFunction<KpiSnapshot, number | null> {
  return (snapshots) =>
    snapshots.pipe(
      map((snapshot) => finiteResult(formula(snapshotNumbers(snapshot) as never))),
      distinctUntilChanged(),
    );
}
