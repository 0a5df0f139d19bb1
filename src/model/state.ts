/** The state of a statistic or a set: the type of `statisticState$` and `subscriptionState$`. */
import type { StatisticsError } from './errors.js';
import type { Snapshot } from './snapshot.js';
import type { StatisticValue } from './statistic.js';

/** The state of a statistic or a set. `status` determines the other fields. */
export type State<V> =
  /** No value and no refusal has come yet. */
  | { readonly status: 'pending'; readonly value?: undefined; readonly error?: undefined; readonly receivedAt?: undefined }
  /** `receivedAt`: when `value` last changed, or was confirmed after it had been stale, in epoch milliseconds. */
  | { readonly status: 'live'; readonly value: V; readonly error?: undefined; readonly receivedAt: number }
  /** No answer has confirmed the value for `poll.staleAfter`. `value`: the last one, if any. `error`: the reason, if known. */
  | { readonly status: 'stale'; readonly value?: V; readonly error?: StatisticsError; readonly receivedAt?: number }
  /** The server refuses the statistic or set, or does not return it. */
  | { readonly status: 'failed'; readonly value?: V; readonly error: StatisticsError; readonly receivedAt?: number };

/** The state of one statistic. */
export type StatisticState = State<StatisticValue>;

/** The state of a set. */
export type SubscriptionState<S> = State<Snapshot<S>>;
