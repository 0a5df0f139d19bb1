/** The operator from a growing counter to its rate. */
import { asyncScheduler, defer, mergeMap, type OperatorFunction, type SchedulerLike } from 'rxjs';
import { maxDelay, numberIn, objectWith } from '../../checks/arguments.js';
import { counterGain } from './counter-gain.js';
import { timedNumber, type TimedInput } from './input.js';
import { createTimeline } from './timeline.js';

/** Options of {@link rate}. */
export interface RateOptions {
  /** The period of the rate in milliseconds: 3,600,000 gives a rate per hour. Above 0, at most 2^31-1. */
  readonly per: number;
}

/**
 * An operator from a growing counter to its rate between each number and the previous one.
 *
 * The rate is the difference, as in {@link delta}, divided by the time in between and multiplied by `per`. The time comes from the
 * timestamps if both numbers have one and it advanced, otherwise from the scheduler. If no time has passed, a number is taken
 * together with the next. Inputs without a number change nothing.
 *
 * @throws StatisticsOptionError when `per` is out of bounds.
 *
 * @example
 * statistic$('Total_Answered', sales).pipe(rate({ per: 3_600_000 })).subscribe((perHour) => { ... });
 */
export function rate(options: RateOptions, scheduler: SchedulerLike = asyncScheduler): OperatorFunction<TimedInput, number> {
  const per = numberIn('per', objectWith('options', options, ['per'])['per'], { least: 0, above: true, most: maxDelay });
  return (inputs) =>
    defer(() => {
      const timeline = createTimeline(scheduler);
      let last: number | undefined;
      let since = 0;
      let gained = 0;
      return inputs.pipe(
        mergeMap((input) => {
          const read = timedNumber(input);
          if (read === undefined) {
            return [];
          }
          const at = timeline.arrive(read.timestamp);
          gained += last === undefined ? 0 : counterGain(last, read.number);
          const isFirst = last === undefined;
          last = read.number;
          if (isFirst || at <= since) {
            since = isFirst ? at : since;
            return [];
          }
          const result = (gained / (at - since)) * per;
          [since, gained] = [at, 0];
          return [result];
        }),
      );
    });
}
