/** The options of commands, and the readers of values that several commands share. Knows no command. */
import { UsageError } from './usage-error.js';

/** An option that takes a value. */
export interface ValueOption<T> {
  /** The value's placeholder in help, such as `TIME`. */
  readonly placeholder: string;
  readonly what: string;
  /** Whether the option may be given several times. Its value is then an array. */
  readonly repeats?: boolean;
  /** @throws UsageError for an unusable text */
  readonly read: (text: string, option: string) => T;
}

/** An option without a value. */
export interface Flag {
  readonly what: string;
  readonly placeholder?: undefined;
}

export type Options = Readonly<Record<string, ValueOption<unknown> | Flag>>;

/** The values of the given options; `undefined` for an option that was not given. */
export type Given<O extends Options> = {
  readonly [K in keyof O]: O[K] extends { readonly repeats: true; readonly read: (text: string, option: string) => infer T }
    ? readonly T[]
    : O[K] extends ValueOption<infer T>
      ? T | undefined
      : boolean;
};

const longest = 2 ** 31 - 1;
const units = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;

/** Reads a time in milliseconds: `5s`, `2m`, `1h`, `250ms`, or a number of milliseconds. */
export function readTime(text: string, option: string): number {
  const [, digits, unit = 'ms'] = /^(\d{1,10}(?:\.\d{1,3})?)(ms|s|m|h)?$/.exec(text) ?? [];
  const time = digits === undefined ? NaN : Number(digits) * units[unit as keyof typeof units];
  if (!Number.isInteger(time) || time < 1 || time > longest) {
    throw unfit(option, text, 'a time, such as 5s, 2m, 1h or 500 (milliseconds)');
  }
  return time;
}

/** @returns a reader of whole numbers within bounds */
export function wholeNumber(least: number, most: number) {
  return (text: string, option: string): number => {
    if (!/^\d{1,16}$/.test(text) || Number(text) < least || Number(text) > most) {
      throw unfit(option, text, `a whole number from ${least} to ${most}`);
    }
    return Number(text);
  };
}

/** @returns a reader of numbers above 0 */
export function positiveNumber(most: number) {
  return (text: string, option: string): number => {
    if (!/^\d{1,9}(?:\.\d{1,9})?$/.test(text) || !(Number(text) > 0) || Number(text) > most) {
      throw unfit(option, text, `a number above 0, at most ${most}`);
    }
    return Number(text);
  };
}

/** @returns a reader of one of these words */
export function oneOf<const W extends string>(words: readonly W[]) {
  return (text: string, option: string): W => {
    const word = words.find((known) => known === text);
    if (word === undefined) {
      throw unfit(option, text, `one of ${words.join(', ')}`);
    }
    return word;
  };
}

export function readText(text: string, option: string): string {
  if (text === '') {
    throw unfit(option, text, 'a text that is not empty');
  }
  return text;
}

function unfit(option: string, text: string, expected: string): UsageError {
  return new UsageError(`--${option} must be ${expected}, got ${JSON.stringify(text.slice(0, 80))}`);
}
