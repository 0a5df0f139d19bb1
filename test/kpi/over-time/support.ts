/** Marbles for the operators over time: a run, and a statistic's value at a time. */
import { TestScheduler } from 'rxjs/testing';
import { expect } from 'vitest';
import type { StatisticValue } from '../../../src/index.js';

/** Runs marbles; hand `scheduler` to an operator, and its timers are driven by them. */
export function run(test: (helpers: Parameters<Parameters<TestScheduler['run']>[0]>[0] & { readonly scheduler: TestScheduler }) => void): void {
  const scheduler = new TestScheduler((actual, expected) => expect(actual).toEqual(expected));
  scheduler.run((helpers) => test({ ...helpers, scheduler }));
}

/** A statistic's value as it comes from a server. */
export function valueAt(number: number | null, timestamp: number | null = null): StatisticValue {
  return {
    name: 'Total_Answered',
    objectId: 'Sales@SIP',
    objectType: 'Queue',
    timestamp,
    value: number === null ? {} : { intValue: Math.trunc(number), stringValue: String(number) },
  };
}
