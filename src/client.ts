/**
 * The client: puts the floors together and gives them their public names. Owns only what is the whole client's: being
 * closed. Every idea behind a member has its own file below.
 */
import { Observable } from 'rxjs';
import { platformFetch } from '#fetch';
import { createCookieJar } from '#cookies';
import { readStatistic, readStreamOptions, type StatisticOptions, type SubscriptionOptions } from './arguments.js';
import type { Definition } from './model/definition.js';
import type { StatisticsEvent } from './model/events.js';
import type { Health } from './model/health.js';
import { readSet, type Snapshot, type StatisticSet } from './model/snapshot.js';
import type { StatisticDefinition, StatisticObject, StatisticValue } from './model/statistic.js';
import { readOptions, type StatisticsClientOptions } from './options.js';
import { createPeeks } from './peeks.js';
import { createBatch } from './sharing/batch.js';
import type { StatisticState, Watcher } from './sharing/cell.js';
import { createPool } from './sharing/pool.js';
import { createSets, type Sets } from './sharing/set.js';
import { SnapshotWatcher, StateWatcher, ValueWatcher } from './sharing/observer.js';
import { createSystemClock, type Clock } from './time/clock.js';
import { createPageLifecycle, type PageLifecycle } from './time/page-lifecycle.js';
import { sleep } from './time/sleep.js';
import { createFallback } from './upstream/fallback/fallback.js';
import { createCircuitBreaker } from './upstream/recovery/circuit-breaker.js';
import { newOperationId } from './upstream/session/ids.js';
import { createJournaled } from './upstream/cleanup/journal.js';
import { createMonitor } from './upstream/telemetry/monitor.js';
import { peek } from './upstream/fallback/peek.js';
import { createPeeking } from './upstream/fallback/peeking.js';
import { createDeleter } from './upstream/cleanup/deleter.js';
import { createUpstreams, type UpstreamDeps } from './upstream/upstream.js';
import { createApi, type StatisticsApi } from './wire/api.js';
import { createCredentials } from './wire/credentials.js';
import { createExchange } from './wire/exchange.js';
import { fetchBytes } from './wire/fetch.js';
import { publicApi } from './wire/public-api.js';
import { inBytes } from './wire/transport.js';

/** A client of the Statistics API. Its functions are bound: they can be pulled off and passed about. */
export interface StatisticsClient extends AsyncDisposable {
  /**
   * One statistic, live: its value at once where it is known, then each different one.
   *
   * Cold and shared: the first observer opens it upstream, together with others asked for within `batch.window`; the last
   * one's unsubscribing lets it linger for `sharing.linger`, then deletes it. Emits frozen {@link StatisticValue}s.
   * Transient failures never show here (see {@link statisticState$} and {@link health$}).
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
  subscription$<const S extends StatisticSet>(this: void, definitions: S, options?: SubscriptionOptions<S>): Observable<Snapshot<S>>;
  /**
   * How one statistic is doing: `pending`, `live` with its value, `stale` when nothing confirmed it for
   * `poll.staleAfter`, `failed` when it is refused. Each change once; never errors; completes after `failed`.
   */
  statisticState$(this: void, name: string | StatisticDefinition, object: StatisticObject): Observable<StatisticState>;
  /**
   * One value of a configured statistic without a subscription, then completes. One attempt, and one more after a renewed
   * token. Errors with `StatisticsApiError` or `StatisticsNetworkError`. Unsubscribing aborts the request.
   */
  peek$(this: void, name: string, object: StatisticObject): Observable<StatisticValue>;
  /**
   * The same for many configured statistics in one request: a tuple or record, then completes. Errors with
   * `StatisticRejectedError` when the answer lacks one of them.
   */
  peekAll$<const S extends StatisticSet>(this: void, definitions: S): Observable<Snapshot<S>>;
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

/**
 * Makes a client. Nothing is sent before the first `subscribe`.
 *
 * @throws StatisticsOptionError naming the option, the value and what was expected.
 *
 * @example
 * const client = createStatisticsClient({ baseUrl: 'https://host/statistics/v3', apiKey });
 * client.statistic$('CurrentAgentState', { objectId: 'kim', objectType: 'Agent' }).subscribe(({ value }) => { ... });
 */
export function createStatisticsClient(options: StatisticsClientOptions): StatisticsClient {
  return createClientOn(createSystemClock(), options);
}

/** The same on a clock, and before an audience, of the caller's: the seam for tests. */
export function createClientOn(clock: Clock, given: StatisticsClientOptions, presence: PageLifecycle = createPageLifecycle(globalThis)): StatisticsClient {
  const options = readOptions(given);
  const credentials = createCredentials(
    { ...options, timeout: options.request.timeout, askAgainAfter: options.retry.maxTimeout },
    clock,
    () => monitor.changed(),
  );
  const monitor = createMonitor(clock, () => credentials.unauthorized);
  const exchange = createExchange({
    baseUrl: options.baseUrl,
    transport: options.transport === undefined ? fetchBytes(platformFetch()) : inBytes(options.transport),
    credentials,
    cookies: createCookieJar,
    ...options.request,
    clock,
  });
  const wire = createApi(exchange, credentials, clock);
  const journaled = options.journal && createJournaled(options.journal, options.baseUrl, wire, monitor, options.request.timeout);
  const api = journaled?.api ?? wire;
  const deleter = createDeleter({ api, credentials, clock, monitor, presence, retryOptions: options.retry, requestTimeout: options.request.timeout });
  const upstreamDeps: UpstreamDeps = {
    api, credentials, clock, monitor, deleter, presence, newId: newOperationId,
    host: createCircuitBreaker(clock, options.request.timeout),
    poll: options.poll,
    retryOptions: options.retry,
    requestTimeout: options.request.timeout,
  };
  const upstreams = createUpstreams(upstreamDeps);
  const source =
    options.fallback === 'peek'
      ? createFallback({ primary: upstreams, standIn: createPeeking(upstreamDeps), clock, monitor, retryOptions: options.retry })
      : upstreams;
  const pool = createPool(options.sharing, clock, (statistics) => monitor.emit({ type: 'evicted', statistics }));
  const shared = { source, pool, monitor, clock, interval: options.poll.interval, linger: options.sharing.linger };
  const batch = createBatch(
    { ...shared, admit: (cell) => sets.admit(cell), peek: (definitions, signal) => peek(api, definitions, signal) },
    options.batch,
  );
  const sets: Sets = createSets({ ...shared, rehouse: (cells) => batch.rehouse(cells) });
  let closing: Promise<void> | undefined;
  const isClosed = (): boolean => closing !== undefined;
  const peeks = createPeeks(api, credentials, isClosed);

  const observerLeft = (): void => monitor.observers(-1);

  /** A stream that counts as an observer while it is subscribed, and completes at once after `close()`. */
  function observed<T>(subscribe: ConstructorParameters<typeof Observable<T>>[0]): Observable<T> {
    return new Observable<T>(function (this: Observable<T>, subscriber) {
      if (isClosed()) {
        subscriber.complete();
        return;
      }
      journaled?.reap(deleter, isClosed);
      monitor.observers(1);
      subscriber.add(observerLeft);
      return subscribe?.call(this, subscriber);
    });
  }

  /** What unsubscribing has to end is the watcher itself: one object less for each observer. */
  function watch(definition: Definition, watcher: Watcher): Watcher {
    batch.join(definition, watcher);
    return watcher;
  }

  async function closeAll(): Promise<void> {
    batch.close();
    sets.close();
    monitor.close();
    peeks.close();
    deleter.hurry();
    const limit = sleep(clock, options.request.timeout);
    await Promise.race([deleter.idle(), limit.done]);
    limit.wake();
    deleter.giveUp();
    // Not before: what could not be deleted is still to be told.
    monitor.end();
  }

  /** Closed before anybody is told of it: whoever subscribes or closes on hearing that a stream completes must find it so. */
  function close(): Promise<void> {
    if (closing === undefined) {
      let done = (): void => undefined;
      closing = new Promise((resolve) => (done = resolve));
      void closeAll().finally(done);
    }
    return closing;
  }

  return {
    statistic$(name, object, statisticOptions) {
      const definition = readStatistic(name, object);
      const { distinct, interval } = readStreamOptions(statisticOptions);
      return observed((subscriber) => watch(definition, new ValueWatcher(subscriber, distinct, interval)));
    },
    subscription$(definitions, subscriptionOptions) {
      const { members, arrange } = readSet(definitions);
      const { distinct, interval } = readStreamOptions(subscriptionOptions);
      return observed((subscriber) => sets.join(members, new SnapshotWatcher(subscriber, arrange, distinct, interval)));
    },
    statisticState$(name, object) {
      const definition = readStatistic(name, object);
      return observed((subscriber) => watch(definition, new StateWatcher(subscriber)));
    },
    peek$: peeks.one,
    peekAll$: peeks.all,
    health$: monitor.health$,
    events$: monitor.events$,
    refresh() {
      credentials.refresh();
      batch.refresh();
      sets.refresh();
    },
    close,
    [Symbol.asyncDispose]: close,
    api: publicApi(api, credentials, isClosed),
  };
}
