/**
 * The world of a client in the model: one clock, the scheduled server, a page that is visible or hidden, a program that provides
 * tokens, and all observers. Owns the order in which time and the scheduler's choices take turns. Knows no command.
 */
import type fc from 'fast-check';
import { config as rxjsConfig } from 'rxjs';
import { createClientOn } from '../support/client-on.js';
import { peekFallback, type Health, type StatisticsClient } from '../../src/index.js';
import { createRandom } from '../../src/simulator/centre/random.js';
import type { Clock } from '../../src/time/clock.js';
import type { PageLifecycle } from '../../src/time/page-lifecycle.js';
import { createVirtualClock, settle, type VirtualClock } from '../support/virtual-clock.js';
import { createHistory, type History } from './history.js';
import { indiscreet, outOfBand, unfair } from './invariants.js';
import type { Model } from './model.js';
import { observe, type Observer, type Wish } from './observer.js';
import { createScheduledServer, type Dialect, type ScheduledServer } from './server.js';
import { statistics } from './catalogue.js';

/** The conditions of one life. */
export interface Conditions {
  /** The seed of all random numbers of the client. */
  readonly seed: number;
  readonly token: boolean;
  readonly batch: { readonly size: number; readonly window: number };
  readonly sharing: { readonly linger: number; readonly maxIdle: number };
  readonly fallback: 'peek' | undefined;
  readonly dialect: Dialect;
  /** Milliseconds to add to all clocks, the server's and the client's, compared with other lives. */
  readonly epoch: number;
  /** How the life ends: all observers leave, or the client is closed. Before that the network may fall silent. */
  readonly ending: 'leave' | 'close';
  readonly silence: boolean;
}

/** The client's default times, on which the limits in the invariants are based. */
export const timings = {
  interval: 5000,
  maxInterval: 30_000,
  staleAfter: 70_000,
  minTimeout: 1000,
  maxTimeout: 30_000,
  timeout: 10_000,
} as const;

const baseUrl = 'https://host/statistics/v3';
const apiKey = 'canary-key-0123';

/** The behaviour of the program's token function. */
export type TokenGiving = 'fresh' | 'same' | 'fails' | 'hangs';

export interface World {
  readonly conditions: Conditions;
  readonly clock: VirtualClock;
  readonly history: History;
  readonly server: ScheduledServer;
  readonly client: StatisticsClient;
  /** All observers. */
  readonly observers: ReadonlySet<Observer>;
  /** Subscriptions that were reported as orphaned. */
  readonly orphaned: ReadonlySet<string>;
  /** Violated invariants. */
  readonly violations: readonly string[];
  /** Number of errors that observers threw, and number of those that were reported to the host. */
  readonly thrown: { readonly count: number; readonly told: number };
  /** Number of pending timers of the client. */
  readonly timers: number;
  /** Number of listeners on the page. */
  readonly listeners: number;
  /** Milliseconds that have passed while the machine was awake, so that timers fired. */
  readonly awake: number;
  readonly closing: { readonly since: number; settled: boolean } | undefined;
  /** Whether timers may overtake answers, or all answers come before the next timer. */
  racing: boolean;
  giving: TokenGiving;
  health(): Health;
  look(at: { readonly visible?: boolean; readonly online?: boolean }): void;
  /** The page is left, frozen for this time, and restored. */
  leavePage(milliseconds: number): Promise<void>;
  expireToken(): void;
  join(wish: Wish): Observer;
  throwing(): never;
  refresh(): void;
  close(): void;
  report(violation: string): void;
  /** Resolves once all errors have been reported to the host. */
  told(): Promise<void>;
  /** Gives the scheduler the chance to let requests and answers go on. */
  interleave(): Promise<void>;
  /** Lets time pass. */
  pass(milliseconds: number): Promise<void>;
}

class Thrown extends Error {}

/** Weak, because an error retains everything that was in progress when it was thrown. */
const toldToHost = new WeakMap<Error, number>();
rxjsConfig.onUnhandledError = (error: unknown) => {
  if (!(error instanceof Thrown)) {
    throw error;
  }
  toldToHost.set(error, (toldToHost.get(error) ?? 0) + 1);
};

/**
 * @param model - counts the observers.
 * @param apart - whether each observer has its own client. `client` is then unused.
 */
export function createWorld(scheduler: fc.Scheduler, conditions: Conditions, model: Model, apart = false): World {
  const beginning = 1_800_000_000_000 + conditions.epoch;
  const clock = createVirtualClock(beginning);
  const history = createHistory(statistics.length, clock.monotonic, beginning);
  const violations: string[] = [];
  const observers = new Set<Observer>();
  const orphaned = new Set<string>();
  const thrown: Error[] = [];
  const report = (violation: string): void => {
    violations.push(violation);
    server.note(`!! ${violation}`);
  };
  const judge = (...violationsFound: (string | undefined)[]): void => violationsFound.forEach((found) => found !== undefined && report(found));
  const server = createScheduledServer({
    scheduler, clock, history, report, baseUrl, apiKey,
    dialect: conditions.dialect,
    timeout: timings.timeout,
    leastGap: timings.minTimeout / 10,
  });
  let closing: World['closing'];
  let awake = 0;

  // -- time ------------------------------------------------------------------------------------------------------------

  const random = createRandom(conditions.seed, 'client');
  const timers = new Set<symbol>();
  const clientClock: Clock = {
    monotonic: clock.monotonic,
    now: clock.now,
    random: () => random.next(),
    after(delay, callback) {
      const timer = Symbol('timer');
      timers.add(timer);
      const cancel = clock.after(delay, () => {
        timers.delete(timer);
        callback();
      });
      return () => {
        timers.delete(timer);
        cancel();
      };
    },
  };

  /** Lets one pending request or answer go on, chosen by the scheduler. */
  async function goOn(): Promise<void> {
    await scheduler.waitNext(1);
    await settle();
  }

  async function interleave(): Promise<void> {
    let chosen = false;
    void scheduler.schedule(Promise.resolve(), 'what comes next').then(() => (chosen = true));
    const isChosen = (): boolean => chosen;
    await settle();
    while (!isChosen()) {
      await goOn();
    }
  }

  /** Timers may overtake requests and answers, although most of these are faster. */
  async function race(): Promise<void> {
    await interleave();
    await interleave();
  }

  async function letAllGoOn(): Promise<void> {
    await settle();
    while (scheduler.count() > 0) {
      await goOn();
    }
  }

  // -- the page and the token ----------------------------------------------------------------------------------------

  let visible = true;
  const listeners = new Set<() => void>();
  const leavers = new Set<{ left(): void; back(): void }>();
  const page: PageLifecycle = {
    get isVisible() {
      return visible;
    },
    get isCalledOffline() {
      return !server.online;
    },
    onResume(callback) {
      const listener = (): void => callback();
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onPageHide(left, back = () => undefined) {
      const leaver = { left: () => left(), back: () => back() };
      leavers.add(leaver);
      return () => leavers.delete(leaver);
    },
    afterTask(callback) {
      let cancelled = false;
      queueMicrotask(() => !cancelled && callback());
      return () => (cancelled = true);
    },
  };

  let tokens = 0;
  let given = 0;
  let known: string | undefined;
  let asked: { readonly at: number } | undefined;
  const tokenOf = (number: number): string => `canary-token-${number}`;

  async function giveToken(): Promise<string> {
    const at = clock.monotonic();
    if (asked !== undefined && at - asked.at < timings.timeout) {
      report('I5: the token is asked for twice at once');
    }
    const asking = (asked = { at });
    await scheduler.schedule(Promise.resolve(), 'the token is given');
    if (world.giving === 'hangs') {
      return new Promise(() => undefined);
    }
    asked = asked === asking ? undefined : asked;
    if (world.giving === 'fails') {
      // The client must never show a token that it received.
      throw new Error(`no token${known === undefined ? '' : ` after ${known}`}`);
    }
    if (world.giving === 'fresh' && given !== tokens) {
      given = tokens;
      server.nudge();
    }
    return (known = tokenOf(given));
  }

  if (conditions.token) {
    server.token = tokenOf(0);
  }

  // -- the client ------------------------------------------------------------------------------------------------------

  const clients: StatisticsClient[] = [];

  function startClient(): StatisticsClient {
    const started = createClientOn(
      clientClock,
      {
        baseUrl,
        apiKey,
        transport: server.transport,
        ...(conditions.token ? { token: giveToken } : {}),
        batch: conditions.batch,
        sharing: conditions.sharing,
        fallback: conditions.fallback === 'peek' ? peekFallback() : undefined,
      },
      page,
    );
    started.events$.subscribe((event) => {
      if (event.type === 'orphaned') {
        orphaned.add(event.subscriptionId);
      }
      judge(outOfBand(event, clock.monotonic() - server.toldToWaitAt), 'error' in event ? indiscreet(event.error) : undefined);
      server.note(`* ${event.type}`);
    });
    clients.push(started);
    return started;
  }

  const client = startClient();

  function ended(observer: Observer): void {
    observers.delete(observer);
    model.ended(observer.wish);
    if (observer.ended === 'failed') {
      judge(unfair(observer, server), indiscreet(observer.error));
    }
  }

  const world: World = {
    conditions, clock, history, server, client, observers, orphaned, violations,
    thrown: {
      get count() {
        return thrown.length;
      },
      get told() {
        return thrown.reduce((sum, error) => sum + (toldToHost.get(error) ?? 0), 0);
      },
    },
    get timers() {
      return timers.size;
    },
    get listeners() {
      return listeners.size + leavers.size;
    },
    get awake() {
      return awake;
    },
    get closing() {
      return closing;
    },
    racing: false,
    giving: 'fresh',
    health() {
      let health: Health | undefined;
      client.health$.subscribe((next) => (health = next)).unsubscribe();
      if (health === undefined) {
        throw new Error('health$ tells nothing');
      }
      return health;
    },
    look(at) {
      visible = at.visible ?? visible;
      server.online = at.online ?? server.online;
      server.nudge();
      if (visible && server.online) {
        listeners.forEach((listener) => listener());
      }
    },
    async leavePage(milliseconds) {
      server.pageLeft();
      leavers.forEach(({ left }) => left());
      // Requests must be sent before the event ends, or never. Without a token, no request can be sent.
      await settle();
      const isAllowed = closing === undefined && world.health().status !== 'unauthorized';
      for (const { id, operationId } of server.open.values()) {
        if (isAllowed && !orphaned.has(id) && !orphaned.has(operationId) && !server.deletions.has(id) && !server.deletions.has(operationId)) {
          report(`F83: ${id} is left open by a page that is left`);
        }
      }
      await interleave();
      clock.sleep(milliseconds);
      server.nudge();
      leavers.forEach(({ back }) => back());
      await world.pass(0);
    },
    expireToken() {
      if (conditions.token) {
        server.token = tokenOf(++tokens);
      }
    },
    join(wish) {
      server.nudge();
      model.began(wish);
      const observer = observe({ client: apart ? startClient() : client, history, report, monotonic: clock.monotonic, ended }, wish);
      if (observer.ended === undefined) {
        observers.add(observer);
      }
      return observer;
    },
    throwing() {
      const error = new Thrown('thrown by an observer');
      thrown.push(error);
      throw error;
    },
    refresh() {
      server.nudge();
      clients.forEach(({ refresh }) => refresh());
    },
    close() {
      const began = (closing ??= { since: clock.monotonic(), settled: false });
      server.clientClosed();
      void client.close().then(() => (began.settled = true));
    },
    report,
    async told() {
      for (let turn = 0; turn < 100 && world.thrown.told < thrown.length; turn++) {
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    },
    interleave,
    async pass(milliseconds) {
      const end = clock.monotonic() + milliseconds;
      awake += milliseconds;
      do {
        await (world.racing ? race() : letAllGoOn());
      } while (clock.fire(end));
    },
  };
  return world;
}
