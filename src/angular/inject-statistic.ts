/** One statistic as a resource. */
import type { StatisticDefinition, StatisticObject, StatisticValue } from '../index.js';
import { readingBy } from './reading.js';
import { createResource, type ResourceOptions, type StatisticResource } from './statistic-resource.js';
import { read, targetOf, type Reactive } from './target.js';

/** Options of {@link injectStatistic} and `injectSubscription`. */
export interface ParseOptions<V, T> extends ResourceOptions {
  /**
   * Makes what `value()` is of what the client emits; called once for each. What it throws is the resource's error until the
   * next. A server carries its results to the browser, so there they have to be plain data.
   */
  readonly parse: (given: V) => T;
}

/**
 * One statistic, live, as a resource whose value is a {@link StatisticValue}, or what `parse` makes of it.
 *
 * Everything that is injected for the same statistic shares one subscription on the server. The resource ends with the component
 * or service that it is made in; then the subscription is kept for `sharing.linger`.
 *
 * Either argument may be a signal, or a function that reads signals. Another target is subscribed to before the old one is left;
 * until it answers `status()` is `'loading'` and there is no value. `undefined` is no target: `'idle'`.
 *
 * @param name - a configured statistic's name, or an inline definition.
 * @throws StatisticsOptionError at once for an argument that does not fit; where one is a function, `error()` is it.
 *
 * @example
 * readonly queue = input.required<string>();
 * readonly waiting = injectStatistic('Current_In_Queue', () => ({ objectId: this.queue(), objectType: 'Queue' }), { parse: ({ value }) => numberOf(value) });
 */
export function injectStatistic(name: Reactive<string | StatisticDefinition | undefined>, object: Reactive<StatisticObject | undefined>, options?: ResourceOptions): StatisticResource<StatisticValue | undefined>;
export function injectStatistic<T>(
  name: Reactive<string | StatisticDefinition | undefined>,
  object: Reactive<StatisticObject | undefined>,
  options: ParseOptions<StatisticValue, T>,
): StatisticResource<T | undefined>;
export function injectStatistic<T>(
  name: Reactive<string | StatisticDefinition | undefined>,
  object: Reactive<StatisticObject | undefined>,
  options: Partial<ParseOptions<StatisticValue, T>> = {},
): StatisticResource<T | undefined> {
  const readTarget = (): ReturnType<typeof targetOf> => {
    const [what, whose] = [read(name), read(object)];
    return targetOf(what === undefined || whose === undefined ? undefined : [{ name: what, ...whose }], true);
  };
  return createResource(readTarget, typeof name === 'function' || typeof object === 'function', readingBy(options.parse), options);
}
