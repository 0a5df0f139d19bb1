/** A number computed from several statistics, as a resource. Knows no formula. */
import { numberOf, StatisticsOptionError, type StatisticSet, type StatisticValue } from '../index.js';
import type { Reading } from './reading.js';
import { createResource, type ResourceOptions, type StatisticResource } from './statistic-resource.js';
import { read, targetOf, type Reactive } from './target.js';

/** The inputs of a formula: the keys or places of the definitions, with each member's number or `null`. */
export type FormulaInputs<S> = { readonly [K in keyof S]: number | null };

/**
 * A live KPI as a resource: the result of `formula` for the numbers of one answer. The value is `null` if there is no result, such as
 * for 0/0, and `undefined` before the first answer. Otherwise it behaves like `injectSubscription`.
 *
 * @param definitions - the statistics, keyed by the names of the formula's inputs; or a signal of them, or a function that reads
 * signals.
 * @param formula - a formula of `genesys-statistics-rx/kpi`, or any function of an object of numbers. Called once per answer. A
 * result that is not finite becomes `null`.
 * @throws StatisticsOptionError at once for unusable arguments. If the definitions are a function, `error()` returns it instead.
 *
 * @example
 * readonly lost = injectKpi({ answered: answered.of('Sales@SIP'), abandoned: abandoned.of('Sales@SIP') }, abandonRate);
 */
export function injectKpi<const S extends StatisticSet<S>>(
  definitions: Reactive<S | undefined>,
  formula: (inputs: NoInfer<FormulaInputs<S>>) => number | null,
  options?: ResourceOptions,
): StatisticResource<number | null | undefined> {
  if (typeof formula !== 'function') {
    throw new StatisticsOptionError(`formula must be a function of numbers, got ${typeof formula}`, 'formula');
  }
  const reading: Reading<Values, number | null> = {
    kind: 'numbers',
    pack: numbersOf,
    unpack: (numbers: FormulaInputs<S>) => {
      const result = formula(numbers);
      // Adding 0 makes -0 a plain 0.
      return Number.isFinite(result) ? (result ?? 0) + 0 : null;
    },
  };
  return createResource(() => targetOf(read(definitions), false), typeof definitions === 'function', reading, options);
}

type Values = readonly StatisticValue[] | Readonly<Record<string, StatisticValue>>;

function numbersOf(values: Values): object {
  const numbers = Object.entries(values).map(([key, { value }]) => [key, numberOf(value)] as const);
  return Array.isArray(values) ? numbers.map(([, number]) => number) : Object.fromEntries(numbers);
}
