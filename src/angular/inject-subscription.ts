/** A consistent set of statistics as a resource. */
import type { Snapshot, StatisticSet } from '../index.js';
import type { ParseOptions } from './inject-statistic.js';
import { readingBy } from './reading.js';
import { createResource, type ResourceOptions, type StatisticResource } from './statistic-resource.js';
import { read, targetOf, type Reactive } from './target.js';

/**
 * A consistent set, live, as a resource whose value is the snapshot of one answer: a tuple of values for an array of definitions, a
 * record with the same keys for a record. In everything else it is as `injectStatistic`.
 *
 * @param definitions - or a signal of them, or a function that reads signals.
 * @throws StatisticsOptionError at once for definitions that do not fit; where they are a function, `error()` is it.
 */
export function injectSubscription<const S extends StatisticSet<S>>(definitions: Reactive<S | undefined>, options?: ResourceOptions): StatisticResource<Snapshot<S> | undefined>;
export function injectSubscription<const S extends StatisticSet<S>, T>(definitions: Reactive<S | undefined>, options: ParseOptions<Snapshot<S>, T>): StatisticResource<T | undefined>;
export function injectSubscription<S, T>(definitions: Reactive<(S & object) | undefined>, options: Partial<ParseOptions<Snapshot<S>, T>> = {}): StatisticResource<T | undefined> {
  return createResource(() => targetOf(read(definitions), false), typeof definitions === 'function', readingBy(options.parse), options);
}
