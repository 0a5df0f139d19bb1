/** Reading a number out of a value. The only numeric shape known from the wire is `{ intValue, stringValue, ... }`. */
import { map, type OperatorFunction } from 'rxjs';
import type { StatisticValue } from './statistic.js';

/**
 * The number in a statistic's value, or `null` where there is none.
 *
 * Averages and percents carry their decimals in `stringValue` while `intValue` is whole, so a finite `stringValue` that
 * differs from `intValue` only after the point wins. A bare finite number passes. Never NaN, never infinite, never -0.
 */
export function numberOf(value: unknown): number | null {
  if (typeof value === 'number') {
    return finite(value);
  }
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, 'intValue')) {
    return null;
  }
  const { intValue, stringValue } = value as { intValue?: unknown; stringValue?: unknown };
  if (typeof intValue !== 'number') {
    return null;
  }
  const text = typeof stringValue === 'string' && decimal.test(stringValue) ? Number(stringValue) : NaN;
  const refines = Math.trunc(text) === intValue || Math.round(text) === intValue;
  return refines ? finite(text) : finite(intValue);
}

/**
 * An operator from a {@link StatisticValue} to its number, or `null` where the value holds none.
 *
 * @example
 * statistic$('Current_In_Queue', sales).pipe(numeric()).subscribe((waiting) => { ... }); // 0, 3, 5 ...
 */
export function numeric(): OperatorFunction<StatisticValue, number | null> {
  return map(({ value }) => numberOf(value));
}

const decimal = /^[+-]?\d{1,400}(\.\d{0,400})?([eE][+-]?\d{1,4})?$/;

function finite(number: number): number | null {
  return Number.isFinite(number) ? number + 0 : null;
}
