/** A consistent set of statistics as a resource. */
import type { Snapshot, StatisticSet } from '../index.js';
import type { ParseOptions } from './inject-statistic.js';
import { readingBy } from './reading.js';
import { createResource, type ResourceOptions, type StatisticResource } from './statistic-resource.js';
import { read, targetOf, type Reactive } from './target.js';

/**
 * A live consistent set as a resource. Its value is the snapshot of one answer: a tuple of values for an array of definitions, a
 * record with the same keys for a record. Otherwise it behaves like `injectStatistic`.
 *
 * @param definitions - an array or a record of requests; or a signal of it, or a function that reads signals.
 * @throws StatisticsOptionError at once for unusable definitions. If they are a function, `error()` returns it instead.
 */
export function injectSubscription<const S extends StatisticSet<S>>(definitions: Reactive<S | undefined>, options?: ResourceOptions): StatisticResource<Snapshot<S> | undefined>;
export function injectSubscription<const S extends StatisticSet<S>, T>(definitions: Reactive<S | undefined>, options: ParseOptions<Snapshot<S>, T>): StatisticResource<T | undefined>;
export function injectSubscription<S, T>(definitions: Reactive<(S & object) | undefined>, options: Partial<ParseOptions<Snapshot<S>, T>> = {}): StatisticResource<T | undefined> {
  return createResource(() => targetOf(read(definitions), false), typeof definitions === 'function', readingBy(options.parse), options);
}
