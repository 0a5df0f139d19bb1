/** How a statistic or a set is doing: the type of `statisticState$` and `subscriptionState$`. */
import type { StatisticsError } from './errors.js';
import type { Snapshot } from './snapshot.js';
import type { StatisticValue } from './statistic.js';

/** How a statistic or a set is doing. `status` tells which fields there are. */
export type State<V> =
  /** Nothing has been heard of it yet. */
  | { readonly status: 'pending'; readonly value?: undefined; readonly error?: undefined; readonly receivedAt?: undefined }
  /** `receivedAt`, in epoch milliseconds: when `value` last changed, or was confirmed after having been stale. */
  | { readonly status: 'live'; readonly value: V; readonly error?: undefined; readonly receivedAt: number }
  /** Nothing has confirmed it for `poll.staleAfter`; the last value, if there is one, is kept. `error`: the reason, where it is known. */
  | { readonly status: 'stale'; readonly value?: V; readonly error?: StatisticsError; readonly receivedAt?: number }
  /** The server refuses it, or does not return it. */
  | { readonly status: 'failed'; readonly value?: V; readonly error: StatisticsError; readonly receivedAt?: number };

/** How one statistic is doing. */
export type StatisticState = State<StatisticValue>;

/** How a set is doing. */
export type SubscriptionState<S> = State<Snapshot<S>>;
