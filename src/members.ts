/** Implements the members of a client over its engine. Reads arguments at once, and makes an observer for each `subscribe`. */
import type { Observable } from 'rxjs';
import { readStatistic, readStreamOptions, type SubscriptionOptions } from './arguments.js';
import type { StatisticsClient } from './client.js';
import type { Engine, ObserverOf } from './engine.js';
import { readSet, type Snapshot, type StatisticSet } from './model/snapshot.js';
import type { StatisticState, SubscriptionState } from './model/state.js';
import type { StatisticValue } from './model/statistic.js';
import { StateObserver, ValueObserver, type Arrange } from './sharing/observer.js';
import type { Observer } from './sharing/tenant.js';

export function createMembers(engine: Engine): StatisticsClient {
  const { observed, close } = engine;

  /** Makes the stream of a set, whose values it arranges in the order and shape of the caller's definitions. */
  function observeSet<S extends StatisticSet<S>, T>(
    definitions: S,
    observerOf: (arrange: Arrange<Snapshot<S>>, ...given: Parameters<ObserverOf<T, readonly StatisticValue[]>>) => Observer<readonly StatisticValue[]>,
  ): Observable<T> {
    const { members, arrange } = readSet(definitions);
    const { order, join } = engine.set(members);
    const inOrder: Arrange<Snapshot<S>> = (values) => arrange(order.flatMap((index) => values[index] ?? []));
    return observed<T, readonly StatisticValue[]>((...given) => observerOf(inOrder, ...given), join);
  }

  return {
    statistic$(name, object, options) {
      const definition = readStatistic(name, object);
      const { distinct, interval } = readStreamOptions(options);
      return observed<StatisticValue, StatisticValue>(
        (subscriber, context, leave) => new ValueObserver(subscriber, context, leave, distinct, interval),
        (observer) => engine.join(definition, observer),
      );
    },
    statisticState$(name, object) {
      const definition = readStatistic(name, object);
      return observed<StatisticState, StatisticValue>(
        (...given) => new StateObserver(...given, (value) => value),
        (observer) => engine.join(definition, observer),
      );
    },
    subscription$<const S extends StatisticSet<S>>(definitions: S, options?: SubscriptionOptions<S>) {
      const { distinct, interval } = readStreamOptions(options);
      return observeSet<S, Snapshot<S>>(definitions, (arrange, ...given) => new ValueObserver(...given, distinct, interval, arrange));
    },
    subscriptionState$<const S extends StatisticSet<S>>(definitions: S) {
      return observeSet<S, SubscriptionState<S>>(definitions, (arrange, ...given) => new StateObserver(...given, arrange));
    },
    peek$: engine.peeks.one,
    peekAll$: engine.peeks.all,
    health$: engine.health$,
    events$: engine.events$,
    refresh: engine.refresh,
    close,
    [Symbol.asyncDispose]: close,
    api: engine.api,
  };
}
