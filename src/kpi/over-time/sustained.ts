/** The operator that emits whether a condition has held for a while. Knows no condition. */
import { asyncScheduler, distinctUntilChanged, mergeMap, Observable, type OperatorFunction, type SchedulerLike } from 'rxjs';
import { maxDelay, numberIn, unfit } from '../../checks/arguments.js';
import { numberOf, type StatisticValue } from '../../index.js';
import { createAlarm } from './alarm.js';

/** The argument of the predicate: the number of a statistic's value, or any other input unchanged. */
export type SustainedInput<T> = T extends StatisticValue ? number : Exclude<T, null>;

/**
 * An operator that emits whether a predicate has held for `ms` milliseconds: `false` with the first input, `true` once it has held
 * for that time, and `false` as soon as it no longer holds. Emits changes only.
 *
 * The predicate receives the number of each `StatisticValue`, and any other input unchanged, such as the levels of `threshold`.
 * `null` and values without a number change nothing. The time is the scheduler's. An error that the predicate throws ends the stream.
 * Unsubscribing, an error and completion end the timer.
 *
 * @param ms - from 0 to 2^31-1.
 * @throws StatisticsOptionError when an argument is unusable.
 *
 * @example
 * waiting$.pipe(sustained((waiting) => waiting > 10, 30_000)).subscribe((alarm) => { ... });
 */
// The first overload takes the type of the input from the stream that this is piped into. The second takes it from the predicate, for
// an operator that is kept in a variable.
export function sustained<T>(predicate: (input: NoInfer<SustainedInput<T>>) => boolean, ms: number, scheduler?: SchedulerLike): OperatorFunction<T, boolean>;
export function sustained<N>(predicate: (input: N) => boolean, ms: number, scheduler?: SchedulerLike): OperatorFunction<N | null, boolean>;
export function sustained(
  predicate: (input: never) => boolean,
  ms: number,
  scheduler: SchedulerLike = asyncScheduler,
): OperatorFunction<unknown, boolean> {
  if (typeof predicate !== 'function') {
    throw unfit('predicate', predicate, 'a function');
  }
  numberIn('ms', ms, { least: 0, most: maxDelay });
  return (inputs) =>
    inputs.pipe(
      mergeMap((input) => {
        const asked: unknown = isStatisticValue(input) ? numberOf(input.value) : input;
        return asked === null ? [] : [predicate(asked as never)];
      }),
      distinctUntilChanged(),
      afterHolding(ms, scheduler),
      distinctUntilChanged(),
    );
}

function afterHolding(ms: number, scheduler: SchedulerLike): OperatorFunction<boolean, boolean> {
  return (holds$) =>
    new Observable((subscriber) => {
      const alarm = createAlarm(scheduler, subscriber);
      subscriber.add(
        holds$.subscribe({
          next(holds) {
            if (holds && ms > 0) {
              alarm.set(ms, () => subscriber.next(true));
            } else {
              alarm.clear();
            }
            subscriber.next(holds && ms === 0);
          },
          error: (error: unknown) => subscriber.error(error),
          complete: () => subscriber.complete(),
        }),
      );
    });
}

function isStatisticValue(input: unknown): input is StatisticValue {
  return typeof input === 'object' && input !== null && 'objectId' in input && 'objectType' in input && 'value' in input;
}
