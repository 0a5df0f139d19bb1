/** The operator that computes an exponentially weighted mean over time. */
import { asyncScheduler, defer, mergeMap, type OperatorFunction, type SchedulerLike } from 'rxjs';
import { maxDelay, numberIn } from '../../checks/arguments.js';
import { timedNumber, type TimedInput } from './input.js';
import { createTimeline } from './timeline.js';

/**
 * An operator that emits the exponentially weighted mean over time whenever a number arrives.
 *
 * The weight of the past halves every `halfLife` milliseconds. A number holds until the next one, so it has no weight yet when it
 * arrives; the first number is its own mean. Time, inputs without a number, and unchanged numbers are treated as in {@link
 * movingAverage}.
 *
 * @param halfLife - milliseconds; above 0, at most 2^31-1.
 * @throws StatisticsOptionError when `halfLife` is out of bounds.
 *
 * @example
 * waiting$.pipe(ewma(60_000)).subscribe((mean) => { ... }); // 0, then 10 for a minute, then 0: gives 0, 0, 5
 */
export function ewma(halfLife: number, scheduler: SchedulerLike = asyncScheduler): OperatorFunction<TimedInput, number> {
  numberIn('halfLife', halfLife, { least: 0, above: true, most: maxDelay });
  return (inputs) =>
    defer(() => {
      const timeline = createTimeline(scheduler);
      let last: { readonly number: number; readonly at: number; readonly mean: number } | undefined;
      return inputs.pipe(
        mergeMap((input) => {
          const read = timedNumber(input);
          if (read === undefined) {
            return [];
          }
          const at = timeline.arrive(read.timestamp);
          const past = last === undefined ? 1 : 2 ** ((last.at - at) / halfLife);
          const mean = last === undefined ? read.number : last.mean * past + last.number * (1 - past);
          last = { number: read.number, at, mean };
          return [mean];
        }),
      );
    });
}
