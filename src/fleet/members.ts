/** The streams of a fleet client: reads their arguments as an ordinary client does, and makes an observer for each subscription. */
import { Observable, type Subscriber } from 'rxjs';
import type { State, StatisticsClient, StatisticValue, StatisticsError } from '../index.js';
import { inPresentContext, type InOwnContext } from './async-context.js';
import type { FeedObserver } from './feed.js';
import type { Feeds } from './feeds.js';
import { topicOf, topicOfSet, type Topic } from './topic.js';

type Streams = Pick<StatisticsClient, 'statistic$' | 'subscription$' | 'statisticState$' | 'subscriptionState$'>;
type Arrange<T> = (values: readonly StatisticValue[]) => T;

/** @param ordinary - a client of the same options: its streams are never subscribed to, but making one checks the arguments. */
export function createStreams(ordinary: Streams, feeds: Feeds, inOwnContext: InOwnContext): Streams {
  function observe<T>(topic: Topic, observerOf: (subscriber: Subscriber<T>) => FeedObserver): Observable<T> {
    return new Observable<T>((subscriber) => {
      if (feeds.closed) {
        subscriber.complete();
        return undefined;
      }
      const leave = inOwnContext(feeds.join, topic, inPresentContext(observerOf(subscriber)));
      return () => inOwnContext(leave);
    });
  }

  return {
    statistic$(name, object, options) {
      void ordinary.statistic$(name, object, options);
      const { distinct, interval } = { ...options };
      return observe(topicOf(name, object), (subscriber: Subscriber<StatisticValue>) => valueObserver(subscriber, distinct, interval, oneValue, true));
    },
    statisticState$(name, object) {
      void ordinary.statisticState$(name, object);
      return observe(topicOf(name, object), (subscriber: Subscriber<State<StatisticValue>>) => stateObserver(subscriber, oneValue));
    },
    subscription$(definitions, options) {
      void ordinary.subscription$(definitions, options);
      const { distinct, interval } = { ...options };
      const { topic, arrange } = topicOfSet(definitions);
      return observe(topic, (subscriber) => valueObserver(subscriber, distinct, interval, arrange, false));
    },
    subscriptionState$(definitions) {
      void ordinary.subscriptionState$(definitions);
      const { topic, arrange } = topicOfSet(definitions);
      return observe(topic, (subscriber) => stateObserver(subscriber, arrange));
    },
  };
}

const oneValue = (values: readonly StatisticValue[]): StatisticValue => values[0] as StatisticValue;

/** @param countsAll - `distinct` decides about equal values as well: of a statistic, not of a set. */
function valueObserver<T>(
  subscriber: Subscriber<T>,
  distinct: ((a: T, b: T) => boolean) | undefined,
  interval: number | undefined,
  arrange: Arrange<T>,
  countsAll: boolean,
): FeedObserver {
  let last: { readonly value: T } | undefined;
  const wantsUnchanged = countsAll && distinct !== undefined;
  return {
    wantsUnchanged,
    interval,
    value(values, unchanged) {
      if (unchanged && !wantsUnchanged) {
        return;
      }
      const value = arrange(values);
      try {
        if (last !== undefined && distinct?.(last.value, value) === true) {
          return;
        }
      } catch (thrown) {
        // This observer alone ends, with what was thrown.
        subscriber.error(thrown);
        return;
      }
      last = { value };
      subscriber.next(value);
    },
    state() {
      // It emits values only.
    },
    fail: (error: StatisticsError) => subscriber.error(error),
    complete: () => subscriber.complete(),
  };
}

/** Emits states. It never errors: `failed` is the last state. */
function stateObserver<T>(subscriber: Subscriber<State<T>>, arrange: Arrange<T>): FeedObserver {
  return {
    wantsUnchanged: false,
    interval: undefined,
    value() {
      // Each state holds it.
    },
    state: (state) => subscriber.next((state.value === undefined ? state : Object.freeze({ ...state, value: arrange(state.value) })) as State<T>),
    fail: () => subscriber.complete(),
    complete: () => subscriber.complete(),
  };
}
