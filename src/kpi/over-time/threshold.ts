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
  /** A number that reaches it is at least a warning. */
  readonly warning: number;
  /** Not before `warning` on its side. */
  readonly error: number;
  /** Not before `error` on its side. @defaultValue no such level */
  readonly worst?: number | undefined;
  /** The distance back from its bound at which a level is left. 0 or more. @defaultValue 0 */
  readonly hysteresis?: number | undefined;
}

const finite = { least: -Number.MAX_VALUE, most: Number.MAX_VALUE };
const levels = ['normal', 'warning', 'error', 'worst'] as const;

/**
 * An operator from a number to its level, the first and then each change.
 *
 * A level is entered when its bound is reached. It is left once the number is back beyond the bound by `hysteresis`.
 * A number that wavers about a bound then does not raise alarm after alarm. Inputs without a number change nothing.
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
          // Each bound holds its level by itself, so a level is left through those below it.
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

/** The bounds with their sign turned where small numbers are bad, so that there is one comparison. */
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
