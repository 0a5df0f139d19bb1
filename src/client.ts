/** The public face of a client: its members and their documentation. */
import type { Observable } from 'rxjs';
import type { StatisticOptions, SubscriptionOptions } from './arguments.js';
import type { StatisticsEvent } from './model/events.js';
import type { Health } from './model/health.js';
import type { Snapshot, StatisticSet } from './model/snapshot.js';
import type { StatisticState, SubscriptionState } from './model/state.js';
import type { StatisticDefinition, StatisticObject, StatisticValue } from './model/statistic.js';
import type { StatisticsApi } from './wire/api.js';

/** A client of the Statistics API. Its functions do not use `this`, so they can be destructured and passed as callbacks. */
export interface StatisticsClient extends AsyncDisposable {
  /**
   * One statistic, live: emits its value at once if it is known, then each different value.
   *
   * Cold and shared: the first observer opens the statistic on the server, together with all others of the same `batch.window`.
   * After the last observer has unsubscribed, the statistic is kept for `sharing.linger`, then deleted. Emits frozen
   * {@link StatisticValue}s. Transient failures never end the stream: see {@link statisticState$} and {@link health$}.
   *
   * Errors with `StatisticRejectedError` when the server refuses this definition or does not return it.
   * Completes when the client is closed.
   *
   * @param name - a configured statistic's name, or an inline definition. Read by this call, not at subscription.
   * @throws StatisticsOptionError at once, for an unusable argument.
   */
  statistic$(this: void, name: string | StatisticDefinition, object: StatisticObject, options?: StatisticOptions): Observable<StatisticValue>;
  /**
   * A consistent set, live. An array of requests emits tuples in the same order; a record emits records with the same keys. Every
   * emission comes from one answer of the server. It first emits when an answer holds every member, then whenever a member changes.
   * Sets of the same definitions, in any order, share one upstream.
   *
   * Errors with `StatisticRejectedError` when the server refuses the set or does not return a member. Unsubscribing,
   * sharing and completion are as with {@link statistic$}.
   *
   * @throws StatisticsOptionError at once, for an unusable argument.
   */
  subscription$<const S extends StatisticSet<S>>(this: void, definitions: S, options?: SubscriptionOptions<S>): Observable<Snapshot<S>>;
  /**
   * The state of one statistic: `pending`, `live` with its value, `stale` when no answer has confirmed the value for
   * `poll.staleAfter`, `failed` when the server refuses it. Emits each change once, never errors, and completes after `failed`.
   */
  statisticState$(this: void, name: string | StatisticDefinition, object: StatisticObject): Observable<StatisticState>;
  /** The state of a set: `value` is the snapshot. `failed` when the server refuses a member, or does not return it. */
  subscriptionState$<const S extends StatisticSet<S>>(this: void, definitions: S): Observable<SubscriptionState<S>>;
  /**
   * Emits one value of a configured statistic, read without a server-side subscription, then completes. Makes one attempt, and
   * one more with a renewed token. Errors with `StatisticsApiError` or `StatisticsNetworkError`. Unsubscribing aborts the request.
   */
  peek$(this: void, name: string, object: StatisticObject): Observable<StatisticValue>;
  /**
   * Like {@link peek$}, for many configured statistics in one request: emits one tuple or record, then completes. Also errors with
   * `StatisticRejectedError`, when the answer lacks one of them.
   */
  peekAll$<const S extends StatisticSet<S>>(this: void, definitions: S): Observable<Snapshot<S>>;
  /** The health of the client: emits the present one at once, then each change. Completes when the client is closed. */
  readonly health$: Observable<Health>;
  /** The actions of the client, for logs and tracing. Hot: nothing is replayed. Completes when the client is closed. */
  readonly events$: Observable<StatisticsEvent>;
  /** Polls every live server-side subscription now. While unauthorized, also asks for another token. */
  refresh(this: void): void;
  /** Completes every stream and deletes every server-side subscription. Resolves when done, or after `request.timeout`. Idempotent. */
  close(this: void): Promise<void>;
  /** The endpoints as functions that return promises. Each call makes one attempt and shares nothing. */
  readonly api: StatisticsApi;
}
