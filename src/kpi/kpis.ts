/**
 * The operator that turns snapshots into several numbers, by one formula each, with one emission per snapshot. Knows neither the
 * formulas nor the source of snapshots.
 */
import { distinctUntilChanged, map, type OperatorFunction } from 'rxjs';
import { unfit } from '../checks/arguments.js';
import { recordOf } from './record.js';
import { finiteResult, snapshotNumbers, type KpiInputs, type SnapshotOf } from './snapshot-numbers.js';

/**
 * An operator from a snapshot to the results of several formulas.
 *
 * Each formula is called once per snapshot, as by `kpi`. The results are emitted together, frozen, when any of them has changed. An
 * error that a formula throws ends the stream. Unsubscribing unsubscribes the source.
 *
 * @throws StatisticsOptionError when `formulas` is not a record of functions, or is empty.
 *
 * @example
 * calls$.pipe(kpis({ answered: answerRate, lost: abandonRate })).subscribe(({ answered, lost }) => { ... }); // 90, 10
 */
// TypeScript takes the keys from the stream that this is piped into. With a second overload, formulas written in place would not get
// their types.
export function kpis<S extends SnapshotOf<S>, K extends string>(
  formulas: { readonly [Key in K]: (inputs: NoInfer<KpiInputs<S>>) => number | null },
): OperatorFunction<S, { readonly [Key in K]: number | null }> {
  const isRecord = typeof formulas === 'object' && (formulas as unknown) !== null && !Array.isArray(formulas);
  const keys = isRecord ? Object.keys(formulas) : [];
  const given = isRecord ? Object.values<(inputs: never) => number | null>(formulas) : [];
  if (given.length === 0 || given.some((formula) => typeof formula !== 'function')) {
    throw unfit('formulas', formulas, 'a non-empty record of formulas');
  }
  return (snapshots) =>
    snapshots.pipe(
      map((snapshot) => {
        const numbers = snapshotNumbers(snapshot) as never;
        return given.map((formula) => finiteResult(formula(numbers)));
      }),
      distinctUntilChanged((before, now) => before.every((result, index) => result === now[index])),
      map((results) => Object.freeze(recordOf(keys, results)) as { readonly [Key in K]: number | null }),
    );
}
