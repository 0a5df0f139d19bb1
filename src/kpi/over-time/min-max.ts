/** The operator that finds the extremes of a window of time. */
import { asyncScheduler, Observable, type OperatorFunction, type SchedulerLike } from 'rxjs';
import { maxDelay, numberIn } from '../../checks/arguments.js';
import { createAlarm } from './alarm.js';
import { timedNumber, type TimedInput } from './input.js';
import { createTimeline } from './timeline.js';
import { createWindow } from './window.js';

/** The least and the largest number of a window. */
export interface Extremes {
  readonly min: number;
  readonly max: number;
}

/**
 * An operator that emits the extremes of the last `ms` milliseconds, frozen, whenever one changes.
 *
 * A number holds until the next one, so the present number always counts. A timer removes an extreme that leaves the window, without
 * a new input. The time between two numbers comes from their timestamps if both have one and it advanced, otherwise from the
 * scheduler. Inputs without a number change nothing. Unsubscribing, an error and completion end the timer.
 *
 * @param ms - above 0, at most 2^31-1.
 * @throws StatisticsOptionError when `ms` is out of bounds.
 *
 * @example
 * waiting$.pipe(minMax(3_600_000)).subscribe(({ min, max }) => { ... }); // of the last hour
 */
export function minMax(ms: number, scheduler: SchedulerLike = asyncScheduler): OperatorFunction<TimedInput, Extremes> {
  numberIn('ms', ms, { least: 0, above: true, most: maxDelay });
  return (inputs) =>
    new Observable((subscriber) => {
      const timeline = createTimeline(scheduler);
      const window = createWindow(ms);
      const alarm = createAlarm(scheduler, subscriber);
      let [min, max] = [NaN, NaN];

      const update = (): void => {
        const now = timeline.now();
        window.prune(now);
        const numbers = window.held.map(({ number }) => number);
        const [least, most] = [numbers.reduce((a, b) => Math.min(a, b)), numbers.reduce((a, b) => Math.max(a, b))];
        const oldest = window.held[0];
        // The present number never leaves the window, so only earlier numbers need a timer.
        if (oldest !== undefined && oldest.until < Infinity) {
          alarm.set(oldest.until + ms - now, update);
        }
        if (least !== min || most !== max) {
          [min, max] = [least, most];
          subscriber.next(Object.freeze({ min, max }));
        }
      };

      subscriber.add(
        inputs.subscribe({
          next(input) {
            const read = timedNumber(input);
            if (read !== undefined) {
              window.push(read.number, timeline.arrive(read.timestamp));
              update();
            }
          },
          error: (error: unknown) => subscriber.error(error),
          complete: () => subscriber.complete(),
        }),
      );
    });
}
