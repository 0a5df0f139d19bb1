/** The input of the operators over time: a number, and when it was generated where that is known. */
import { numberOf, type StatisticValue } from '../../index.js';

/** A statistic's value, or a number. `null`, and a value without a number, changes nothing. */
export type TimedInput = StatisticValue | number | null;

/** A number that arrived. */
export interface TimedNumber {
  readonly number: number;
  /** Epoch milliseconds; `null` where the input did not say. */
  readonly timestamp: number | null;
}

/** The number of an input; `undefined` where it holds none. */
export function timedNumber(input: TimedInput): TimedNumber | undefined {
  if (typeof input === 'number') {
    return Number.isFinite(input) ? { number: input, timestamp: null } : undefined;
  }
  const number = numberOf(input?.value);
  return input === null || number === null ? undefined : { number, timestamp: input.timestamp };
}
