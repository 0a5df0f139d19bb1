/**
 * Reads the number in a value. The only numeric shape known from the wire is `{ intValue, stringValue, ... }`. Owns the accepted
 * forms of a number's text; does not know what the number counts.
 */
import { distinctUntilChanged, map, type OperatorFunction } from 'rxjs';
import type { StatisticValue } from './statistic.js';

/**
 * The number in a value, or `null` if there is none: never NaN, never infinite, never -0.
 *
 * Averages and percentages have their decimals only in `stringValue`, while `intValue` is whole. So `stringValue` wins if it differs
 * from `intValue` only by its decimals. It may have blanks around it, a `%` behind it, no digit before the decimal point, or a
 * decimal comma. If decimals cannot be read, or belong to another number, the result is `null`, never a number without its decimals.
 * A bare finite number is returned as it is.
 *
 * @param value - a {@link StatisticValue}, or the `value` of one.
 */
export function numberOf(value: unknown): number | null {
  if (typeof value === 'number') {
    return finite(value);
  }
  if (typeof value !== 'object' || value === null) {
    return null;
  }
  if (!Object.hasOwn(value, 'intValue')) {
    return isStatisticValue(value) ? numberOf(value.value) : null;
  }
  const { intValue, stringValue } = value as { intValue?: unknown; stringValue?: unknown };
  if (typeof intValue !== 'number') {
    return null;
  }
  if (typeof stringValue !== 'string') {
    return finite(intValue);
  }
  const number = Number(decimal.exec(stringValue)?.[1]?.replace(',', '.') ?? NaN);
  if (Math.abs(number - intValue) < 1) {
    return finite(number);
  }
  return hasOtherDecimals(stringValue, intValue) ? null : finite(intValue);
}

/**
 * An operator from {@link StatisticValue}s to their numbers, `null` for a value without one. A number that equals the last one is
 * not emitted again, even if another part of the value has changed, such as a time inside it. For one number per value, use
 * `map((value) => numberOf(value))`.
 *
 * @example
 * statistic$('Current_In_Queue', sales).pipe(numeric()).subscribe((waiting) => { ... }); // 0, 3, 5 ...
 */
export function numeric(): OperatorFunction<StatisticValue, number | null> {
  return (values) => values.pipe(map((value) => numberOf(value)), distinctUntilChanged());
}

/** Every repetition has a limit, because a hostile server may choose the text. */
const decimal = /^\s{0,9}([+-]?(?:\d{1,400}(?:[.,]\d{0,400})?|[.,]\d{1,400})(?:[eE][+-]?\d{1,4})?)\s{0,9}%?\s{0,9}$/;
const zeroDecimals = /[.,]0{1,400}(?=\s{0,9}%?\s{0,9}$)/;

/** Whether a text has decimals that `intValue` lacks. Points and commas may also separate thousands. */
function hasOtherDecimals(text: string, intValue: number): boolean {
  const whole = text.replace(zeroDecimals, '');
  return /[.,]\d/.test(whole) && Number(whole.replace(/\D/g, '')) !== Math.abs(intValue);
}

function isStatisticValue(value: object): value is StatisticValue {
  return ['objectId', 'objectType', 'timestamp', 'value'].every((field) => Object.hasOwn(value, field));
}

function finite(number: number): number | null {
  return Number.isFinite(number) ? number + 0 : null;
}
