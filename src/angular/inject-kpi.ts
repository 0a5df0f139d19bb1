/** A figure made of several statistics as a resource. Must not know any formula. */
import { numberOf, StatisticsOptionError, type StatisticSet, type StatisticValue } from '../index.js';
import type { Reading } from './reading.js';
import { createResource, type ResourceOptions, type StatisticResource } from './statistic-resource.js';
import { read, targetOf, type Reactive } from './target.js';

/** The inputs of a formula: the keys or places of the definitions, with each member's number or `null`. */
export type FormulaInputs<S> = { readonly [K in keyof S]: number | null };

/**
 * A figure, live, as a resource: what `formula` makes of the numbers of one answer, or `null` where it makes none, such as for 0/0.
 * `undefined` is no value yet. In everything else it is as `injectSubscription`.
 *
 * @param definitions - of the formula's inputs, by their names; or a signal of them, or a function that reads signals.
 * @param formula - of `genesys-statistics-rx/kpi`, or any function of numbers by name. Called once for each answer. A result that
 * is not finite becomes `null`.
 * @throws StatisticsOptionError at once for arguments that do not fit; where the definitions are a function, `error()` is it.
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
