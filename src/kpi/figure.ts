/**
 * The operator from snapshots to a number with the details that show how far to trust it. Knows neither the formulas nor the source
 * of snapshots.
 */
import { asyncScheduler, defer, distinctUntilChanged, map, type OperatorFunction, type SchedulerLike } from 'rxjs';
import type { StatisticValue } from '../index.js';
import { objectWith, unfit } from '../checks/arguments.js';
import type { Formula, KpiUnit } from './formulas/formula.js';
import { snapshotNumbers, type KpiInputs, type KpiSnapshot, type SnapshotOf } from './snapshot-numbers.js';
import { createTodaysTotals } from './todays-totals.js';

/** A result, and how far to trust it. */
export interface Figure {
  readonly value: number | null;
  readonly unit: KpiUnit;
  /** The denominator, such as the calls offered: 100 % of 2 calls is not 100 % of 2,000. `null` if an input is missing. */
  readonly of: number | null;
  /** Epoch milliseconds: the newest timestamp in the snapshot, or the time of its arrival if no value has one. */
  readonly at: number;
  /** Whether the result was brought within its bounds because the inputs contradicted each other (more calls answered in time than answered). */
  readonly clamped: boolean;
  /**
   * Whether the totals lack a part of today. `true`: one of them began anew during the day, without its earlier count.
   * `false`: all have been watched since the day began, or the formula reads present values. `null`: it cannot be known.
   */
  readonly partial: boolean | null;
}

/** Options of {@link figure}. */
export interface FigureOptions {
  /** The IANA time zone in which Stat Server's day begins. @defaultValue the platform's */
  readonly timeZone?: string | undefined;
}

/**
 * An operator like `kpi` that emits more than a number: the unit, the denominator, the time, and whether the result can be trusted.
 * It takes the formulas of this package. Emits frozen figures, but none for a change of the time alone.
 *
 * `partial` is deduced from the stream. Stat Server counts a total from the moment somebody first requested it, and no answer says
 * when that was. So in a stream that begins in the middle of a day, `partial` is `null` until the totals fall at midnight, and
 * `false` from then on. After a fall during the day (a restart) it is `true` until the next midnight. Statistics over a sliding
 * window fall without a reset, so ignore `partial` for them. To have `false` on every day, keep a service subscribed around the
 * clock.
 *
 * Errors and unsubscribes like `kpi`.
 *
 * @throws StatisticsOptionError when `formula` is not one of this package, or an option is unusable.
 *
 * @example
 * calls$.pipe(figure(abandonRate, { timeZone: 'Europe/Berlin' })).subscribe(({ value, of, partial }) => { ... });
 * // { value: 10, unit: 'percent', of: 100, at: 1795453483316, clamped: false, partial: null }
 */
// As in `kpi`, the second overload is for an operator that is kept in a variable.
export function figure<S extends SnapshotOf<S>>(
  formula: Formula<NoInfer<KpiInputs<S>>>,
  options?: FigureOptions,
  scheduler?: SchedulerLike,
): OperatorFunction<S, Figure>;
export function figure<I>(
  formula: Formula<I>,
  options?: FigureOptions,
  scheduler?: SchedulerLike,
): OperatorFunction<{ readonly [K in keyof I]: StatisticValue }, Figure>;
export function figure(
  formula: Formula<never>,
  options: FigureOptions = {},
  scheduler: SchedulerLike = asyncScheduler,
): OperatorFunction<KpiSnapshot, Figure> {
  if (typeof formula !== 'function' || typeof formula.explain !== 'function') {
    throw unfit('formula', formula, 'a formula of this package; for your own use kpi');
  }
  const { timeZone } = objectWith('options', options, ['timeZone']);
  createTodaysTotals(timeZone);
  return (snapshots) =>
    defer(() => {
      const lackPartOfToday = createTodaysTotals(timeZone);
      return snapshots.pipe(
        map((snapshot): Figure => {
          const numbers = snapshotNumbers(snapshot) as { readonly [key: string]: number | null };
          const totals = formula.totals.flatMap((key) => numbers[key] ?? (key in numbers ? [null] : []));
          return Object.freeze({
            ...formula.explain(numbers as never),
            unit: formula.unit,
            at: timeOf(snapshot) ?? scheduler.now(),
            partial: lackPartOfToday(totals, scheduler.now()),
          });
        }),
        distinctUntilChanged((before, now) => {
          const { value, of, clamped, partial } = now;
          return before.value === value && before.of === of && before.clamped === clamped && before.partial === partial;
        }),
      );
    });
}

/** The newest timestamp in a snapshot; `undefined` if there is none. */
function timeOf(snapshot: KpiSnapshot): number | undefined {
  const times = Object.values(snapshot).flatMap(({ timestamp }) => timestamp ?? []);
  return times.length === 0 ? undefined : times.reduce((newest, time) => Math.max(newest, time));
}
