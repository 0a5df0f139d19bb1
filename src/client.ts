/** The public face of a client: its members and their documentation. */
import type { Observable } from 'rxjs';
import type { StatisticOptions, SubscriptionOptions } from './arguments.js';
import type { StatisticsEvent } from './model/events.js';
import type { Health } from './model/health.js';
import type { Snapshot, StatisticSet } from './model/snapshot.js';
import type { StatisticState, SubscriptionState } from './model/state.js';
import type { StatisticDefinition, StatisticObject, StatisticValue } from './model/statistic.js';
import type { StatisticsApi } from './wire/api.js';

/** A client of the Statistics API. Its functions are bound: they can be pulled off and passed about. */
export interface StatisticsClient extends AsyncDisposable {
  /**
   * One statistic, live: its value at once where it is known, then each different one.
   *
   * Cold and shared: the first observer opens it on the server, together with others that are subscribed to within
   * `batch.window`. After the last one has unsubscribed, it is kept for `sharing.linger`, then deleted. Emits frozen
   * {@link StatisticValue}s. Transient failures never show here: see {@link statisticState$} and {@link health$}.
   *
   * Errors with `StatisticRejectedError` when the server refuses this definition or does not return it.
   * Completes when the client is closed.
   *
   * @param name - a configured statistic's name, or an inline definition. Read now, not at subscription.
   * @throws StatisticsOptionError at once, for an argument that does not fit.
   */
  statistic$(this: void, name: string | StatisticDefinition, object: StatisticObject, options?: StatisticOptions): Observable<StatisticValue>;
  /**
   * A consistent set, live: an array of requests emits tuples in the same order, a record emits records with the same
   * keys. Every emission comes from one answer of the server; the first when every member has answered, then whenever one
   * of them changes. Sets of the same definitions, in whatever order, share one upstream.
   *
   * Errors with `StatisticRejectedError` when the server refuses the set or does not return a member. Unsubscribing,
   * sharing and completion are as with {@link statistic$}.
   *
   * @throws StatisticsOptionError at once, for an argument that does not fit.
   */
  subscription$<const S extends StatisticSet<S>>(this: void, definitions: S, options?: SubscriptionOptions<S>): Observable<Snapshot<S>>;
  /**
   * How one statistic is doing: `pending`, `live` with its value, `stale` when nothing confirmed it for
   * `poll.staleAfter`, `failed` when it is refused. Each change once; never errors; completes after `failed`.
   */
  statisticState$(this: void, name: string | StatisticDefinition, object: StatisticObject): Observable<StatisticState>;
  /** The same for a set: `value` is the snapshot. `failed` when the server refuses a member, or does not return it. */
  subscriptionState$<const S extends StatisticSet<S>>(this: void, definitions: S): Observable<SubscriptionState<S>>;
  /**
   * One value of a configured statistic without a subscription, then completes. One attempt, and one more after a renewed
   * token. Errors with `StatisticsApiError` or `StatisticsNetworkError`. Unsubscribing aborts the request.
   */
  peek$(this: void, name: string, object: StatisticObject): Observable<StatisticValue>;
  /**
   * The same for many configured statistics in one request: a tuple or record, then completes. Errors with
   * `StatisticRejectedError` when the answer lacks one of them.
   */
  peekAll$<const S extends StatisticSet<S>>(this: void, definitions: S): Observable<Snapshot<S>>;
  /** How the client is doing: now, then each change. Completes when it is closed. */
  readonly health$: Observable<Health>;
  /** What the client does, for logs and tracing. Hot: nothing is kept for later. Completes when it is closed. */
  readonly events$: Observable<StatisticsEvent>;
  /** Polls every live upstream now, and asks for another token while unauthorized. */
  refresh(this: void): void;
  /** Completes every stream and deletes every subscription; resolves when that is done, or after `request.timeout`. Idempotent. */
  close(this: void): Promise<void>;
  /** The endpoints as promises, one attempt each, nothing shared. */
  readonly api: StatisticsApi;
}
