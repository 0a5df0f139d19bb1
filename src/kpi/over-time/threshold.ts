/** The operator from a number to its level. Knows nothing of time. */
import { defer, distinctUntilChanged, mergeMap, type OperatorFunction } from 'rxjs';
import { numberIn, objectWith, unfit } from '../../checks/arguments.js';
import { timedNumber, type TimedInput } from './input.js';

/** The level of a number. */
export type ThresholdLevel = 'normal' | 'warning' | 'error' | 'worst';

/** Options of {@link threshold}. */
export interface ThresholdOptions {
  /** `'above'`: large numbers are bad, such as waiting calls. `'below'`: small ones are, such as a service level. */
  readonly side: 'above' | 'below';
  /** The bound of the level `'warning'`. */
  readonly warning: number;
  /** The bound of the level `'error'`: equal to `warning`, or worse than it. */
  readonly error: number;
  /** The bound of the level `'worst'`: equal to `error`, or worse than it. @defaultValue no such level */
  readonly worst?: number | undefined;
  /** A level is left only once the number is back by this distance from its bound. 0 or more. @defaultValue 0 */
  readonly hysteresis?: number | undefined;
}

const finite = { least: -Number.MAX_VALUE, most: Number.MAX_VALUE };
const levels = ['normal', 'warning', 'error', 'worst'] as const;

/**
 * An operator from a number to its level. Emits the first level, then each change.
 *
 * A level begins when the number reaches its bound. It ends once the number is back by `hysteresis`, so that a number that wavers
 * around a bound does not raise alarm after alarm. Inputs without a number change nothing.
 *
 * @throws StatisticsOptionError when an option is missing, out of order or unknown.
 *
 * @example
 * waiting$.pipe(threshold({ side: 'above', warning: 10, error: 20, hysteresis: 2 })).subscribe((level) => { ... });
 * // 9, 10, 9, 8, 25 give 'normal', 'warning', 'normal' (at 8), 'error'
 */
export function threshold(options: ThresholdOptions): OperatorFunction<TimedInput, ThresholdLevel> {
  const { sign, bounds, hysteresis } = readThresholds(options);
  return (inputs) =>
    defer(() => {
      let level = 0;
      return inputs.pipe(
        mergeMap((input) => {
          const read = timedNumber(input);
          if (read === undefined) {
            return [];
          }
          const number = read.number * sign;
          // Each bound keeps its own level by hysteresis, so a level is left one step at a time.
          while (level > 0 && isLeft(number, bounds[level - 1] ?? 0, hysteresis)) {
            level--;
          }
          while (level < bounds.length && number >= (bounds[level] ?? Infinity)) {
            level++;
          }
          return [levels[level] ?? 'normal'];
        }),
        distinctUntilChanged(),
      );
    });
}

function isLeft(number: number, bound: number, hysteresis: number): boolean {
  return number < bound && number <= bound - hysteresis;
}

/** Reads the bounds. If small numbers are bad, changes their sign, so that one comparison serves both sides. */
function readThresholds(options: ThresholdOptions): { readonly sign: 1 | -1; readonly bounds: readonly number[]; readonly hysteresis: number } {
  const { side, warning, error, worst, hysteresis = 0 } = objectWith('options', options, ['side', 'warning', 'error', 'worst', 'hysteresis']);
  if (side !== 'above' && side !== 'below') {
    throw unfit('side', side, "'above' or 'below'");
  }
  const sign = side === 'above' ? 1 : -1;
  const named = Object.entries({ warning, error, ...(worst === undefined ? {} : { worst }) });
  const bounds = named.map(([name, bound]) => sign * numberIn(name, bound, finite));
  bounds.forEach((bound, index) => {
    if (bound < (bounds[index - 1] ?? -Infinity)) {
      throw unfit(named[index]?.[0] ?? '', named[index]?.[1], `no closer to normal than ${named[index - 1]?.[0] ?? ''} with side '${side}'`);
    }
  });
  return { sign, bounds, hysteresis: numberIn('hysteresis', hysteresis, { least: 0, most: Number.MAX_VALUE }) };
}
