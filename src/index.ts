/** Live Genesys statistics as RxJS streams. Exports the public names of the main entry, one by one. */

// Programs with neither `lib: esnext.disposable` nor Node's types lack these declarations, and could not compile against the client.
declare global {
  interface SymbolConstructor {
    readonly asyncDispose: unique symbol;
  }
  interface AsyncDisposable {
    /** Releases the object. `await using` calls this at the end of a block. */
    [Symbol.asyncDispose](): PromiseLike<void>;
  }
}

export { createStatisticsClient } from './create-client.js';
export type { StatisticsClient } from './client.js';
export type { StatisticOptions, SubscriptionOptions } from './arguments.js';
export type {
  BatchingOptions,
  PollOptions,
  RequestOptions,
  RetryOptions,
  SharingOptions,
  StatisticsClientOptions,
} from './options.js';

export type { Distinct, StatisticDefinition, StatisticObject, StatisticRequest, StatisticValue } from './model/statistic.js';
export type { Snapshot, StatisticSet } from './model/snapshot.js';
export type { State, StatisticState, SubscriptionState } from './model/state.js';
export type { Health, HealthStatus } from './model/health.js';
export { peekFallback } from './upstream/fallback/peek-fallback.js';
export type { Fallback } from './upstream/fallback/fallback-option.js';
export { createJournal } from './upstream/cleanup/journal.js';
export type { Journal, JournalStore } from './upstream/cleanup/journal-option.js';
export type { StatisticsEvent } from './model/events.js';
export { numberOf, numeric } from './model/numeric.js';

export {
  StatisticRejectedError,
  StatisticsApiError,
  StatisticsError,
  StatisticsNetworkError,
  StatisticsOptionError,
} from './model/errors.js';
export type { ApiErrorDetails, NetworkErrorKind } from './model/errors.js';

export { fetchTransport } from './wire/fetch.js';
export type { Fetch, FetchInit } from './wire/fetch.js';
export type { Transport, TransportRequest, TransportResponse } from './wire/transport.js';
export type {
  CallOptions,
  OpenStatistic,
  PeekStatistic,
  StatisticsApi,
  SubscriptionData,
  Verbose,
} from './wire/api.js';
export type { ReadOptions } from './wire/api.js';
export type { AnsweredStatistic } from './wire/envelope.js';
export type { Token } from './wire/credentials.js';
