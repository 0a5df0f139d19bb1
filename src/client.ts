/**
 * The client: puts the floors together and gives them their public names. Owns only what is the whole client's: being
 * closed. Every idea behind a member has its own file below.
 */
import { Observable } from 'rxjs';
import { platformFetch } from '#fetch';
import { createCookieJar } from '#cookies';
import { expected, reasonToEnd, StatisticRejectedError, StatisticsApiError, StatisticsError } from './model/errors.js';
import { describe, readDefinition, requestOf, type Definition } from './model/definition.js';
import type { StatisticsEvent } from './model/events.js';
import type { Health } from './model/health.js';
import { toValue } from './model/reading.js';
import { readSet, type Snapshot, type StatisticSet } from './model/snapshot.js';
import type { StatisticDefinition, StatisticObject, StatisticValue } from './model/statistic.js';
import { readOptions, type StatisticsClientOptions } from './options.js';
import { createBatch } from './sharing/batch.js';
import type { StatisticState, Watcher } from './sharing/cell.js';
import { createPool } from './sharing/pool.js';
import { createSets, type Sets } from './sharing/set.js';
import { StateWatcher, ValueWatcher, type Distinct } from './sharing/watcher.js';
import { createSystemClock, maxDelay, type Clock } from './time/clock.js';
import { createPresence, type Presence } from './time/presence.js';
import { sleep } from './time/sleep.js';
import { createFallback } from './upstream/fallback.js';
import { createHost } from './upstream/host.js';
import { createJournaled } from './upstream/journal.js';
import { createMonitor } from './upstream/monitor.js';
import { peek } from './upstream/peek.js';
import { createPeeking } from './upstream/peeking.js';
import { createRemover } from './upstream/remover.js';
import { createUpstreams, type UpstreamDeps } from './upstream/upstream.js';
import { createApi, type StatisticsApi } from './wire/api.js';
import { createCredentials, type Credentials } from './wire/credentials.js';
import { createExchange } from './wire/exchange.js';
import { fetchBytes } from './wire/fetch.js';
import { encoded } from './wire/transport.js';

/** Options of one `statistic$`. */
export interface StatisticOptions {
  /** Replaces deep equality of `value` for this observer: whether `b` is no news after `a`, the last one emitted. */
  readonly distinct?: Distinct | undefined;
  /**
   * Milliseconds: how often this observer wants to know, while values change. Where several share an upstream the shortest
   * wins, and who says nothing wants `poll.interval`. 1 to 2^31-1. @defaultValue `poll.interval`
   */
  readonly interval?: number | undefined;
}

/** Options of one `subscription$`. */
export interface SubscriptionOptions<S extends StatisticSet> {
  /** Whether snapshot `b` is no news after `a`, the last one emitted. Snapshots in which nothing changed never come. */
  readonly distinct?: ((a: Snapshot<S>, b: Snapshot<S>) => boolean) | undefined;
  /** As with `statistic$`. @defaultValue `poll.interval` */
  readonly interval?: number | undefined;
}

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
export function createClientOn(clock: Clock, given: StatisticsClientOptions, presence: Presence = createPresence(globalThis)): StatisticsClient {
  const options = readOptions(given);
  const credentials = createCredentials(
    { ...options, timeout: options.request.timeout, askAgainAfter: options.retry.maxTimeout },
    clock,
    () => monitor.changed(),
  );
  const monitor = createMonitor(clock, () => credentials.unauthorized);
  const exchange = createExchange({
    baseUrl: options.baseUrl,
    transport: options.transport === undefined ? fetchBytes(platformFetch()) : encoded(options.transport),
    credentials,
    cookies: createCookieJar,
    ...options.request,
    clock,
  });
  const wire = createApi(exchange, credentials, clock);
  const journaled = options.journal && createJournaled(options.journal, options.baseUrl, wire, monitor, options.request.timeout);
  const api = journaled?.api ?? wire;
  const remover = createRemover({ api, credentials, clock, monitor, presence, retryOptions: options.retry, requestTimeout: options.request.timeout });
  const upstreamDeps: UpstreamDeps = {
    api, credentials, clock, monitor, remover, presence, newId,
    host: createHost(clock, options.request.timeout),
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
  /** Peeks on their way; closing ends them. */
  const peeks = new Set<AbortController>();
  let closing: Promise<void> | undefined;

  const observerLeft = (): void => monitor.observers(-1);

  /** A stream that counts as an observer while it is subscribed, and completes at once after `close()`. */
  function observed<T>(subscribe: ConstructorParameters<typeof Observable<T>>[0]): Observable<T> {
    return new Observable<T>(function (this: Observable<T>, subscriber) {
      if (closing !== undefined) {
        subscriber.complete();
        return;
      }
      journaled?.reap(remover, () => closing !== undefined);
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

  /** One request, once more after a renewed token; aborted by unsubscribing and by `close()`. */
  function peeked<T>(request: (signal: AbortSignal) => Promise<T>): Observable<T> {
    return new Observable<T>((subscriber) => {
      if (closing !== undefined) {
        subscriber.complete();
        return undefined;
      }
      const controller = new AbortController();
      const attempt = (): Promise<T> => request(controller.signal);
      peeks.add(controller);
      subscriber.add(() => {
        peeks.delete(controller);
        controller.abort(reasonToEnd('nobody is subscribed any more'));
      });
      attempt()
        .catch(async (error: unknown) => {
          if (error instanceof StatisticsApiError && error.httpStatus === 401 && (await credentials.renew(error))) {
            return attempt();
          }
          throw error;
        })
        .then(
          (value) => {
            subscriber.next(value);
            subscriber.complete();
          },
          (error: unknown) => {
            if (closing === undefined) {
              subscriber.error(error);
            } else {
              subscriber.complete();
            }
          },
        );
      return undefined;
    });
  }

  async function closeAll(): Promise<void> {
    batch.close();
    sets.close();
    monitor.close();
    peeks.forEach((controller) => controller.abort(reasonToEnd('the client is closed')));
    remover.hurry();
    const limit = sleep(clock, options.request.timeout);
    await Promise.race([remover.idle(), limit.done]);
    limit.wake();
    remover.giveUp();
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
      return observed((subscriber) => {
        let last: Snapshot<typeof definitions> | undefined;
        return sets.join(members, {
          interval,
          next(values) {
            const snapshot = arrange(values);
            try {
              if (last !== undefined && distinct?.(last, snapshot) === true) {
                return;
              }
            } catch (error) {
              subscriber.error(error);
              return;
            }
            last = snapshot;
            subscriber.next(snapshot);
          },
          error: (error) => subscriber.error(error),
          complete: () => subscriber.complete(),
        });
      });
    },
    statisticState$(name, object) {
      const definition = readStatistic(name, object);
      return observed((subscriber) => watch(definition, new StateWatcher(subscriber)));
    },
    peek$(name, object) {
      const definition = readConfigured(readStatistic(name, object), 'name');
      return peeked((signal) => api.getStatistic(definition.name, definition, { signal }));
    },
    peekAll$(definitions) {
      const { members, arrange } = readSet(definitions);
      const configured = members.map((member) => readConfigured(member, 'definitions'));
      return peeked(async (signal) => {
        const unique = [...new Map(configured.map((member) => [member.key, member])).values()];
        const answered = await peek(api, unique, signal);
        const byKey = new Map(unique.map((definition, index) => [definition.key, toValue(definition, answered[index] ?? {})]));
        const missing = unique.filter((_, index) => answered[index] === undefined);
        if (missing.length > 0) {
          throw new StatisticRejectedError(`${missing.map(describe).join(', ')}: not returned by the server`, missing.map(requestOf));
        }
        return arrange(members.flatMap(({ key }) => byKey.get(key) ?? []));
      });
    },
    health$: monitor.health$,
    events$: monitor.events$,
    refresh() {
      credentials.refresh();
      batch.refresh();
      sets.refresh();
    },
    close,
    [Symbol.asyncDispose]: close,
    api: publicApi(api, credentials, () => closing !== undefined),
  };
}

/** The endpoints, which reject once the client is closed; after a 401 the next call has another token, if there is one. */
function publicApi(api: StatisticsApi, credentials: Credentials, isClosed: () => boolean): StatisticsApi {
  const guard =
    <A extends unknown[], R>(call: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      if (isClosed()) {
        throw new StatisticsError('the client is closed');
      }
      try {
        return await call(...args);
      } catch (error) {
        if (error instanceof StatisticsApiError && error.httpStatus === 401) {
          await credentials.renew(error);
        }
        throw error;
      }
    };
  return Object.freeze({
    openSubscription: guard(api.openSubscription),
    readSubscription: guard(api.readSubscription),
    closeSubscription: guard(api.closeSubscription),
    getStatistic: guard(api.getStatistic),
    getStatistics: guard(api.getStatistics),
  });
}

function readStatistic(name: unknown, object: unknown): Definition {
  if (typeof object !== 'object' || object === null || Array.isArray(object)) {
    throw expected('object', object, 'an object with objectId and objectType');
  }
  const { objectId, objectType } = object as Partial<StatisticObject>;
  return readDefinition({ name, objectId, objectType });
}

/** Peeks work with statistics that are configured on the server. */
function readConfigured(definition: Definition, option: string): Definition & { readonly name: string } {
  const { name } = definition;
  if (name === undefined) {
    throw expected(option, definition.definition, 'the name of a configured statistic: an inline definition cannot be peeked at');
  }
  return { ...definition, name };
}

function readStreamOptions<F>(
  options: { readonly distinct?: F | undefined; readonly interval?: number | undefined } | undefined,
): { readonly distinct: F | undefined; readonly interval: number | undefined } {
  if (options !== undefined && (typeof options !== 'object' || (options as unknown) === null)) {
    throw expected('options', options, 'an object');
  }
  // Own ones only: what somebody put on Object.prototype is no wish of the caller's.
  const { distinct, interval } = Object.assign(Object.create(null) as NonNullable<typeof options>, options);
  if (distinct !== undefined && typeof distinct !== 'function') {
    throw expected('options.distinct', distinct, 'a function of two values');
  }
  if (interval !== undefined && !(typeof interval === 'number' && interval >= 1 && interval <= maxDelay)) {
    throw expected('options.interval', interval, `a finite number from 1 to ${maxDelay}`);
  }
  return { distinct, interval };
}

/** Unique for ever. `randomUUID` exists in secure contexts only. */
function newId(): string {
  if (typeof crypto.randomUUID === 'function') {
    return crypto.randomUUID();
  }
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
