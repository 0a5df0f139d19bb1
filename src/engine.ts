/**
 * Builds the parts of a client, in the order in which they depend on each other. Owns the concerns of the whole client: counting
 * observers, `close()`, and its async context. Work that outlasts a call runs in the context in which the client was created, so
 * that it retains no context of a caller. The public interface is client.ts.
 */
import { Observable, type Subscriber } from 'rxjs';
import { captureContext } from '#context';
import { platformFetch, requirePlatform } from '#fetch';
import { createCookieJar } from '#cookies';
import type { ClientSettings } from './options.js';
import { createPeeks, type Peeks } from './peeks.js';
import { createHousing, type Housing } from './sharing/housing.js';
import { createPool } from './sharing/pool.js';
import type { Leave } from './sharing/observer.js';
import type { Observer } from './sharing/tenant.js';
import type { Clock } from './time/clock.js';
import type { Context } from './time/context.js';
import type { PageLifecycle } from './time/page-lifecycle.js';
import { sleep } from './time/sleep.js';
import { newOperationId } from './upstream/answer/ids.js';
import { createDeleter } from './upstream/cleanup/deleter.js';
import type { ClientContext } from './upstream/context.js';
import { peek } from './upstream/fallback/peek.js';
import { createCircuitBreaker } from './upstream/recovery/circuit-breaker.js';
import { createReopenProbe } from './upstream/recovery/reopen-probe.js';
import { createMonitor, type Monitor } from './upstream/telemetry/monitor.js';
import { createUpstreams, type UpstreamDeps } from './upstream/upstream.js';
import { createApi, type StatisticsApi } from './wire/api.js';
import { createCredentials } from './wire/credentials.js';
import { createExchange } from './wire/exchange.js';
import { fetchBytes } from './wire/fetch.js';
import { publicApi } from './wire/public-api.js';
import { createRequestQueue } from './wire/request-queue.js';
import { inBytes } from './wire/transport.js';

export interface Engine extends Pick<Housing, 'join' | 'set'>, Pick<Monitor, 'health$' | 'events$'> {
  readonly peeks: Pick<Peeks, 'one' | 'all'>;
  readonly api: StatisticsApi;
  /** Makes a stream. Each subscriber gets an observer from `observerOf`, which `join` adds to a tenant. Completes at once after `close()`. */
  observed<T, V>(observerOf: ObserverOf<T, V>, join: (observer: Observer<V>) => void): Observable<T>;
  refresh(): void;
  close(): Promise<void>;
}

/**
 * @param context - the context to call the subscriber in; `undefined`: the client's own.
 * @param leave - what the observer does when it is unsubscribed. One function for all, since there may be thousands of observers.
 */
export type ObserverOf<T, V> = (subscriber: Subscriber<T>, context: Context | undefined, leave: Leave<V>) => Observer<V>;

export function createEngine(clock: Clock, options: ClientSettings, page: PageLifecycle): Engine {
  const { timeout } = options.request;
  const own = captureContext();

  // -- the wire
  requirePlatform();
  const monitor = createMonitor(clock);
  const { token } = options;
  const ownToken = typeof token === 'function' ? () => own.runInAsyncScope(token) : token;
  const credentials = createCredentials({ ...options, token: ownToken, timeout, askAgainAfter: options.retry.maxTimeout }, clock, monitor.unauthorized);
  const requests = createRequestQueue(clock, options.request.concurrency);
  const exchange = createExchange({
    baseUrl: options.baseUrl,
    transport: options.transport === undefined ? fetchBytes(platformFetch()) : inBytes(options.transport),
    credentials,
    requests,
    cookies: createCookieJar,
    ...options.request,
    clock,
    onPlatformFailure: (error) => monitor.emit({ type: 'platformFailed', error }),
  });
  const wire = createApi(exchange, credentials, clock);
  const journaled = options.journal?.(options.baseUrl, wire, monitor, timeout, clock);
  const api = journaled?.api ?? wire;

  // -- upstreams
  const context: ClientContext = {
    api, credentials, requests, clock, monitor, page, newId: newOperationId,
    poll: options.poll,
    retryOptions: options.retry,
    requestTimeout: timeout,
  };
  const deleter = createDeleter(context);
  const breaker = createCircuitBreaker(clock, timeout);
  const upstreamDeps: UpstreamDeps = { ...context, deleter, breaker, probe: createReopenProbe(context, breaker) };
  const upstreams = createUpstreams(upstreamDeps);
  const source = options.fallback?.(upstreams, upstreamDeps) ?? upstreams;

  // -- sharing
  const pool = createPool(options.sharing, clock, (statistics) => monitor.emit({ type: 'evicted', statistics }));
  const housing = createHousing(
    {
      source, pool, monitor, clock, page,
      interval: options.poll.interval,
      linger: options.sharing.linger,
      peek: (definitions, signal) => peek(api, definitions, signal),
    },
    options.batch,
  );

  // -- the whole client
  let closing: Promise<void> | undefined;
  const isClosed = (): boolean => closing !== undefined;
  const peeks = createPeeks(api, credentials, isClosed);

  function leave<V>(observer: Observer<V>): void {
    monitor.observers(-1);
    observer.tenant?.leave(observer);
  }

  const leaveInOwnContext = <V>(observer: Observer<V>): void => own.runInAsyncScope(leave<V>, undefined, observer);

  async function closeAll(): Promise<void> {
    housing.close();
    monitor.close();
    peeks.close();
    deleter.flush();
    const limit = sleep(clock, timeout);
    await Promise.race([deleter.drained(), limit.done]);
    limit.wake();
    deleter.abandon();
    // This comes last, because `abandon` still reports subscriptions that could not be deleted.
    monitor.end();
  }

  function enter<V>(observer: Observer<V>, join: (observer: Observer<V>) => void): void {
    journaled?.reap(deleter, isClosed);
    monitor.observers(1);
    join(observer);
  }

  return {
    join: housing.join,
    set: housing.set,
    health$: monitor.health$,
    events$: monitor.events$,
    peeks,
    api: publicApi(api, credentials, isClosed),
    observed<T, V>(observerOf: ObserverOf<T, V>, join: (observer: Observer<V>) => void) {
      return new Observable<T>((subscriber) => {
        if (isClosed()) {
          subscriber.complete();
          return undefined;
        }
        // Most programs have one context only, so nothing has to switch.
        const context = captureContext(own);
        const observer = observerOf(subscriber, context === own ? undefined : context, leaveInOwnContext);
        if (context === own) {
          enter(observer, join);
        } else {
          own.runInAsyncScope(enter<V>, undefined, observer, join);
        }
        return observer;
      });
    },
    refresh() {
      own.runInAsyncScope(() => {
        credentials.refresh();
        housing.refresh();
      });
    },
    close() {
      if (closing === undefined) {
        // Mark the client closed before completing any stream, so re-entrant calls from `complete` handlers see it closed.
        let done = (): void => undefined;
        closing = new Promise((resolve) => (done = resolve));
        void own.runInAsyncScope(closeAll).finally(done);
      }
      return closing;
    },
  };
}
