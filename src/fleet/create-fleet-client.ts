/** Makes fleet clients: an ordinary client's members over a session on a bus. */
import { noop, Subject } from 'rxjs';
import { createStatisticsClient, type StatisticsClient, type StatisticsClientOptions, type StatisticsEvent } from '../index.js';
import { keepOwnContext, notifyInContext } from './async-context.js';
import { systemClock, type FleetClock } from './clock.js';
import { createDirect, type Direct } from './direct.js';
import { createFeeds } from './feeds.js';
import { createHealthMonitor } from './health.js';
import { createBusJournal, type BusJournal } from './journal.js';
import { createStreams } from './members.js';
import { readFleetOptions, type FleetClientOptions } from './options.js';
import { createOrphans, type Orphans } from './orphans.js';
import { createSession, type Session } from './session.js';

/**
 * Makes a client that shares its upstreams with every other process on the same bus and of the same `baseUrl`. It has the
 * members and keeps the guarantees of `createStatisticsClient`, read fleet-wide: one process leads and polls for all, the others
 * open nothing. Nothing is sent, and the bus is not connected to, before the first `subscribe`.
 *
 * A fleet is one trust domain: anybody who can read the bus can read its values, and anybody who can write to it can invent values.
 * Give members with different rights different prefixes, and different accounts of the bus.
 *
 * `peek$`, `peekAll$` and `api` ask the server from this process. `events$` reports what this process does: that is polling
 * while it leads. `health$` is the leader's, with this process's observers; it is `degraded` while the bus is away.
 *
 * @throws StatisticsOptionError naming the option, the value and what was expected.
 *
 * @example
 * const client = createFleetClient({ baseUrl, apiKey, bus: redisBus({ url: 'redis://127.0.0.1:6379', prefix: 'wallboards' }) });
 */
export function createFleetClient(options: FleetClientOptions): StatisticsClient {
  return createFleetClientOn(systemClock, options, createStatisticsClient);
}

/** @internal */
export function createFleetClientOn(
  clock: FleetClock,
  options: FleetClientOptions,
  newClient: (options: StatisticsClientOptions) => StatisticsClient,
): StatisticsClient {
  // Made first, since it checks the options that concern every client. It serves peeks, and never subscribes.
  const settings = readFleetOptions(options);
  const ordinary = newClient(settings.client);
  const inOwnContext = keepOwnContext();
  const health = createHealthMonitor();
  const events$ = new Subject<StatisticsEvent>();
  const ending = new Set<Promise<void>>();
  let session: Session | undefined;
  let direct: Direct | undefined;
  let orphans: Orphans | undefined;
  let closing: Promise<void> | undefined;
  ordinary.events$.subscribe({ next: (event) => events$.next(event), error: noop });

  const feeds = createFeeds(clock, settings.linger, {
    wish(key, wish) {
      if (session === undefined && wish !== '') {
        start();
      }
      session?.wish(key, wish);
      direct?.wish(key, wish);
    },
    observers: health.observers,
    idle: stop,
  });

  function newInner(more: Partial<StatisticsClientOptions>): StatisticsClient {
    // The feeds linger, so an upstream that nobody needs does not have to.
    const client = newClient({ ...settings.client, ...more, sharing: { ...settings.client.sharing, linger: 0 } });
    const ofSession = orphans;
    client.events$.subscribe({
      next(event) {
        events$.next(event);
        if (event.type === 'orphaned') {
          ofSession?.add(event.subscriptionId);
        }
      },
      error: noop,
    });
    return client;
  }

  function start(): void {
    let journal: BusJournal | undefined;
    orphans = createOrphans(clock, ordinary.api.closeSubscription, (subscriptionId) => journal?.forget(subscriptionId));
    session = createSession({
      ...settings,
      clock,
      feeds,
      newTerm(bus) {
        journal = createBusJournal(bus.journal);
        return { client: newInner({ journal: journal.journal }), journal };
      },
      changed: (standing) => health.stands(standing),
      isDirect: () => direct !== undefined,
      cutOff(is) {
        if (is && settings.withoutBus === 'direct') {
          direct ??= createDirect(newInner({}), feeds, clock);
        } else if (!is) {
          endDirect();
        }
      },
    });
  }

  function endDirect(): void {
    if (direct !== undefined) {
      track(direct.end());
      direct = undefined;
    }
  }

  /** Nothing is observed any more: the process leaves the fleet, so that it can end (G13). */
  function stop(): void {
    const ended = session;
    session = undefined;
    orphans?.end();
    endDirect();
    if (ended !== undefined) {
      track(ended.close());
      health.stands(undefined);
    }
  }

  function track(ended: Promise<void>): void {
    const settled = ended.catch(() => undefined).then(() => void ending.delete(settled));
    ending.add(settled);
  }

  function refresh(): void {
    session?.refresh();
    direct?.refresh();
  }

  async function closeAll(): Promise<void> {
    feeds.close();
    stop();
    health.close();
    await Promise.all([...ending, ordinary.close()]);
    events$.complete();
  }

  function close(): Promise<void> {
    if (closing === undefined) {
      // Set before any stream completes, so that re-entrant calls find the client closed.
      let done = (): void => undefined;
      closing = new Promise((resolve) => (done = resolve));
      void closeAll().finally(done);
    }
    return closing;
  }

  return {
    ...createStreams(ordinary, feeds, inOwnContext),
    peek$: ordinary.peek$,
    peekAll$: ordinary.peekAll$,
    health$: notifyInContext(health.health$),
    events$: notifyInContext(events$),
    refresh: () => inOwnContext(refresh),
    close: () => inOwnContext(close),
    [Symbol.asyncDispose]: () => inOwnContext(close),
    api: ordinary.api,
  };
}
