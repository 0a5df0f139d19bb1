/** One statistic as a resource. */
import type { StatisticDefinition, StatisticObject, StatisticValue } from '../index.js';
import { readingBy } from './reading.js';
import { createResource, type ResourceOptions, type StatisticResource } from './statistic-resource.js';
import { read, targetOf, type Reactive } from './target.js';

/** Options of {@link injectStatistic} and `injectSubscription`. */
export interface ParseOptions<V, T> extends ResourceOptions {
  /**
   * Converts each value that the client emits to the resource's value. An error that it throws is the resource's error until the next
   * value. With server rendering, pages carry its results to the browser, so they must be plain data.
   */
  readonly parse: (given: V) => T;
}

/**
 * One live statistic as a resource. Its value is a {@link StatisticValue}, or the result of `parse`.
 *
 * All resources of the same statistic share one subscription on the server. A resource ends with the component or service that
 * injects it. The subscription is kept for another `sharing.linger`, then deleted.
 *
 * Either argument may be a signal, or a function that reads signals. When they change, the new statistic is subscribed to before the
 * old one is left. Until it answers, `status()` is `'loading'` and there is no value. While an argument is `undefined`, `status()` is
 * `'idle'`.
 *
 * @param name - a configured statistic's name, or an inline definition.
 * @throws StatisticsOptionError at once for an unusable argument. If an argument is a function, `error()` returns it instead.
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
