/** The operator that computes the mean over a window of time. */
import { asyncScheduler, defer, mergeMap, type OperatorFunction, type SchedulerLike } from 'rxjs';
import { maxDelay, numberIn } from '../../checks/arguments.js';
import { timedNumber, type TimedInput } from './input.js';
import { createTimeline } from './timeline.js';
import { createWindow, type Held } from './window.js';

/**
 * An operator that emits the time-weighted mean of the last `ms` milliseconds whenever a number arrives.
 *
 * A number holds until the next one, so it has no weight yet when it arrives. Before the window is full, the mean covers the numbers
 * so far; the first number is its own mean. The time between two numbers comes from their timestamps if both have one and it
 * advanced, otherwise from the scheduler. Inputs without a number change nothing. Without an input nothing is emitted: to let an
 * unchanged number move the mean, repeat it as in the example.
 *
 * @param ms - above 0, at most 2^31-1.
 * @throws StatisticsOptionError when `ms` is out of bounds.
 *
 * @example
 * combineLatest([waiting$, timer(0, 10_000)])
 *   .pipe(map(([waiting]) => waiting), movingAverage(300_000))
 *   .subscribe((mean) => { ... }); // the mean of five minutes, every ten seconds
 */
export function movingAverage(ms: number, scheduler: SchedulerLike = asyncScheduler): OperatorFunction<TimedInput, number> {
  numberIn('ms', ms, { least: 0, above: true, most: maxDelay });
  return (inputs) =>
    defer(() => {
      const timeline = createTimeline(scheduler);
      const window = createWindow(ms);
      return inputs.pipe(
        mergeMap((input) => {
          const read = timedNumber(input);
          if (read === undefined) {
            return [];
          }
          const at = timeline.arrive(read.timestamp);
          window.push(read.number, at);
          window.prune(at);
          return [meanOf(window.held, at - ms, at) ?? read.number];
        }),
      );
    });
}

/** The mean from `start` to `end`; `undefined` if no number held for any time. */
function meanOf(held: readonly Held[], start: number, end: number): number | undefined {
  let [sum, total] = [0, 0];
  for (const { number, from, until } of held) {
    const weight = Math.min(until, end) - Math.max(from, start);
    sum += number * weight;
    total += weight;
  }
  return total > 0 ? sum / total : undefined;
}
