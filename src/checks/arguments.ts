/**
 * Checks of arguments that a caller writes by hand. Each error names the argument, its value and the expectation. Does not know what
 * an argument is for.
 */
import { StatisticsOptionError } from '../index.js';

/** The longest delay that a timer can hold, in milliseconds. */
export const maxDelay = 2 ** 31 - 1;

/** Makes the error for an unusable argument. */
export function unfit(argument: string, value: unknown, expected: string): StatisticsOptionError {
  return new StatisticsOptionError(`${argument} must be ${expected}, got ${show(value)}`, argument);
}

/** The bounds of a number. */
export interface Bounds {
  readonly least: number;
  readonly most: number;
  /** The number must be above `least`, not equal to it. */
  readonly above?: boolean;
  /** The number must be below `most`, not equal to it. */
  readonly below?: boolean;
  readonly whole?: boolean;
}

/**
 * Requires a number within bounds.
 *
 * @throws StatisticsOptionError for anything else.
 */
export function numberIn(argument: string, value: unknown, bounds: Bounds): number {
  const { least, most, above = false, below = false, whole = false } = bounds;
  const fits =
    typeof value === 'number' &&
    (above ? value > least : value >= least) &&
    (below ? value < most : value <= most) &&
    Number.isFinite(value) &&
    (!whole || Number.isInteger(value));
  if (!fits) {
    const range = `${above ? 'above' : 'from'} ${least} ${below ? 'to below' : 'to'} ${most}`;
    throw unfit(argument, value, `a ${whole ? 'whole' : 'finite'} number ${range}`);
  }
  return value;
}

/**
 * Requires an object with known keys only, because a misspelt key would silently have its default. Returns a copy.
 *
 * @throws StatisticsOptionError for anything else.
 */
export function objectWith(argument: string, value: unknown, known: readonly string[]): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw unfit(argument, value, `an object with ${known.join(', ')}`);
  }
  const unknown = Object.keys(value).find((key) => !known.includes(key));
  if (unknown !== undefined) {
    throw new StatisticsOptionError(`${argument} has no ${JSON.stringify(unknown.slice(0, 80))}, only ${known.join(', ')}`, unknown);
  }
  // Own properties only, so that a polluted Object.prototype adds no option.
  return Object.assign(Object.create(null) as Record<string, unknown>, value);
}

/**
 * Requires a non-empty string.
 *
 * @throws StatisticsOptionError for anything else.
 */
export function textOf(argument: string, value: unknown): string {
  if (typeof value !== 'string' || value.trim() === '') {
    throw unfit(argument, value, 'a non-empty string');
  }
  return value;
}

function show(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value.slice(0, 80));
    case 'object':
      return value === null ? 'null' : Array.isArray(value) ? 'an array' : 'an object';
    case 'function':
      return 'a function';
    default:
      return String(value);
  }
}
