/**
 * The operator from a growing counter to its gain in each half-hour, hour or day. Owns when an interval is over and whether
 * all of it was observed. The wall clock owns where it begins and ends.
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
  /** The interval is over, and this is its last report. */
  readonly complete: boolean;
  /** Not all of the interval was observed, so `value` may be too small, or hold gains of the intervals before. */
  readonly partial: boolean;
}

/** Milliseconds: a later timer was held up by a machine that slept, or by a clock that was set. */
const tooLate = 120_000;

/** Intervals: a clock that leaps over more was set, and those between are not worth listing. */
const mostMissed = 2_000;

/**
 * An operator from a growing counter to its gain in the present interval of the wall clock. It emits with the first number,
 * with each gain, when the interval is over (`complete: true`, once) and when the next begins. An interval without a gain
 * is reported like any other, with `value: 0`.
 *
 * A fall of the counter is a reset, as with {@link delta}, so restarts and midnight lose nothing that was read. The first
 * interval is `partial` unless the first number comes at its very start, since earlier gains are not known. So are the
 * intervals in which the machine slept: gains meanwhile count in the one in which it woke.
 *
 * The time is the scheduler's, since the timestamp of a counter that stands still may be old. A gain counts where it is read:
 * one of the last seconds of an interval may come with the next poll, and then counts in the next interval. The sum of all
 * intervals is the whole gain. Inputs without a number change nothing. Unsubscribing, an error and completion end the timer;
 * completion does not report the present interval again.
 *
 * @throws StatisticsOptionError when an option does not fit.
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

      /** Ends what is over by now, and begins the present interval. */
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
