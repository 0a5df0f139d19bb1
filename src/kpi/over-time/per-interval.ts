/**
 * The operator from a growing counter to its gain in each half-hour, hour or day. Decides when an interval is over, and whether all
 * of it was observed. The wall clock determines its beginning and end.
 */
import { asyncScheduler, Observable, type OperatorFunction, type SchedulerLike } from 'rxjs';
import { objectWith } from '../../checks/arguments.js';
import { createAlarm } from './alarm.js';
import { counterGain } from './counter-gain.js';
import { timedNumber, type TimedInput } from './input.js';
import { createWallClock, type WallClockInterval } from './wall-clock.js';

/** Options of {@link perInterval}. */
export interface PerIntervalOptions {
  /** The length of an interval: a whole number of minutes that divides a day, such as 30 or 1,440. */
  readonly minutes: number;
  /** The IANA time zone whose clock divides the day. @defaultValue the platform's */
  readonly timeZone?: string | undefined;
}

/** The gain of a counter in one interval. `start` and `end` are epoch milliseconds. */
export interface IntervalGain extends WallClockInterval {
  readonly value: number;
  /** Whether the interval is over, so that this is its last report. */
  readonly complete: boolean;
  /** Whether a part of the interval was not observed, so that `value` may be too small, or include gains of earlier intervals. */
  readonly partial: boolean;
}

/** Milliseconds. If a timer is later than this, the machine slept or its clock was changed. */
const tooLate = 120_000;

/** The most missed intervals to report. If there are more, the clock was changed. */
const mostMissed = 2_000;

/**
 * An operator from a growing counter to its gain in the present interval of the wall clock. It emits with the first number,
 * with each gain, when the interval is over (`complete: true`, once) and when the next begins. An interval without a gain
 * is reported like any other, with `value: 0`.
 *
 * A fall of the counter is a reset, as in {@link delta}, so restarts and midnight lose no gain that was read. The first interval is
 * `partial` unless the first number comes at its very start, because earlier gains are unknown. Intervals in which the machine slept
 * are `partial` too; their gains count in the interval in which it woke.
 *
 * The time is the scheduler's, because the timestamp of an unchanged counter may be old. A gain counts in the interval in which it is
 * read, so a gain of the last seconds may count in the next interval. The sum of all intervals is the whole gain. Inputs without a
 * number change nothing. Unsubscribing, an error and completion end the timer; completion does not report the present interval again.
 *
 * @throws StatisticsOptionError when an option is unusable.
 *
 * @example
 * statistic$('Total_Answered', sales)
 *   .pipe(perInterval({ minutes: 30, timeZone: 'Europe/Berlin' }), filter(({ complete }) => complete))
 *   .subscribe(({ start, value, partial }) => { ... });
 */
export function perInterval(options: PerIntervalOptions, scheduler: SchedulerLike = asyncScheduler): OperatorFunction<TimedInput, IntervalGain> {
  const { minutes, timeZone } = objectWith('options', options, ['minutes', 'timeZone']);
  const intervalAt = createWallClock(minutes, timeZone);
  return (inputs) =>
    new Observable((subscriber) => {
      const alarm = createAlarm(scheduler, subscriber);
      let last: number | undefined;
      let interval: WallClockInterval = { start: 0, end: 0 };
      let value = 0;
      let partial = false;

      const tell = (complete: boolean): void => subscriber.next(Object.freeze({ ...interval, value, complete, partial }));

      const begin = (next: WallClockInterval, isPartial: boolean): void => {
        [interval, value, partial] = [next, 0, isPartial];
      };

      /** Ends the intervals that are over by now, and begins the present one. */
      function turn(now: number): void {
        const isSetBack = now < interval.start - tooLate;
        if (now < interval.end && !isSetBack) {
          return;
        }
        const wasHeldUp = isSetBack || now > interval.end + tooLate;
        partial ||= wasHeldUp;
        tell(true);
        let missed = 0;
        if (!isSetBack) {
          for (let next = intervalAt(interval.end); next.end <= now && missed < mostMissed; next = intervalAt(next.end)) {
            begin(next, true);
            tell(true);
            missed++;
          }
        }
        begin(intervalAt(now), wasHeldUp || missed > 0);
        tell(false);
      }

      function onTimer(): void {
        turn(scheduler.now());
        alarm.set(interval.end - scheduler.now(), onTimer);
      }

      subscriber.add(
        inputs.subscribe({
          next(input) {
            const number = timedNumber(input)?.number;
            if (number === undefined) {
              return;
            }
            const now = scheduler.now();
            const gain = last === undefined ? 0 : counterGain(last, number);
            if (last === undefined) {
              last = number;
              begin(intervalAt(now), false);
              partial = now > interval.start;
              tell(false);
              onTimer();
              return;
            }
            last = number;
            turn(now);
            if (gain > 0) {
              value += gain;
              tell(false);
            }
          },
          error: (error: unknown) => subscriber.error(error),
          complete: () => subscriber.complete(),
        }),
      );
    });
}
