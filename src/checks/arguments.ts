/**
 * Checks of arguments that a caller writes by hand: each names the argument, the value and what was expected. Must not
 * know what any argument is for.
 */
import { StatisticsOptionError } from '../index.js';

/** The longest delay that a timer can hold, in milliseconds. */
export const maxDelay = 2 ** 31 - 1;

/** The error for an argument that does not fit. */
export function unfit(argument: string, value: unknown, expected: string): StatisticsOptionError {
  return new StatisticsOptionError(`${argument} must be ${expected}, got ${show(value)}`, argument);
}

/** Bounds of a number, and how to say them. */
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
 * A number within its bounds.
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
 * An object with no keys but those that are known, so that a misspelt one is not silently left at its default.
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
  // Own properties only: additions to Object.prototype are no wish of the caller's.
  return Object.assign(Object.create(null) as Record<string, unknown>, value);
}

/**
 * A non-empty string.
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
