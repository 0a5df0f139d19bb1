/** The input of the operators over time: a number, and the time at which it was generated, if known. */
import { numberOf, type StatisticValue } from '../../index.js';

/** A statistic's value, or a number. The operators ignore `null` and values without a number. */
export type TimedInput = StatisticValue | number | null;

/** A number that arrived. */
export interface TimedNumber {
  readonly number: number;
  /** Epoch milliseconds; `null` if the input has no time. */
  readonly timestamp: number | null;
}

/** The number of an input; `undefined` if it holds none. */
export function timedNumber(input: TimedInput): TimedNumber | undefined {
  if (typeof input === 'number') {
    return Number.isFinite(input) ? { number: input, timestamp: null } : undefined;
  }
  const number = numberOf(input?.value);
  return input === null || number === null ? undefined : { number, timestamp: input.timestamp };
}
