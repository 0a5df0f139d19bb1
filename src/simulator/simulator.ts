/**
 * A simulator: one contact centre, its statistics and the server in front of them, put together. Owns their common life
 * and the controls of a test; each idea has its own file.
 */
import { Centre } from './centre/centre.js';
import { snapshotOf, type CentreView } from './centre/report.js';
import { createClock } from './clock.js';
import { createFaults, type FaultScript } from './faults.js';
import { createLedger, type Ledger } from './ledger.js';
import { readSimulatorOptions, wrong, type SimulatorOptions } from './options.js';
import { createBayeux } from './server/bayeux.js';
import { createCredentials } from './server/credentials.js';
import { listen } from './server/http.js';
import { createProcess } from './server/process.js';
import { BASE_PATH } from './server/route.js';
import type { Subscription } from './server/subscriptions.js';
import { Statistics } from './statistics/statistics.js';

/** Which statistic a test scripts: by name, or by inline definition as it was opened. */
export interface StatisticTarget {
  readonly name?: string | undefined;
  readonly definition?: object | undefined;
  readonly objectId: string;
  readonly objectType: string;
}

/** A running simulator of the Statistics API. */
export interface Simulator extends AsyncDisposable {
  /** Where the API is, `/statistics/v3` included. */
  readonly url: string;
  readonly port: number;
  /** What was asked and what became of it. */
  readonly ledger: Ledger;
  /** The contact centre behind the statistics, to look at. */
  readonly centre: CentreView;
  /**
   * Moves simulated time on by `ms`. With the manual clock nothing else does; with the real one it comes on top.
   *
   * @throws RangeError when `ms` is no finite number of 0 or more.
   */
  advance(ms: number): void;
  /**
   * Scripts a fault; the answer undoes it. Faults are asked in the order they were added, and one request meets at most one.
   *
   * @throws RangeError when the script is malformed.
   */
  fault(script: FaultScript): () => void;
  /** The server forgets a subscription, or all of them, as after a restart. No trace in `ledger.deleted`. */
  forget(id?: string): void;
  /** The token accepted so far is refused with 401 from now on, `newToken` (a made one by default) accepted. Gives the latter. */
  expireToken(newToken?: string): string;
  /**
   * Lets a statistic say `value` instead of what the centre says, and `undefined` the centre's own again. A number takes
   * the usual form of numbers; anything else becomes `value` as it is, so it must be JSON. The timestamp is that of the call.
   *
   * A statistic or an object unknown to the centre becomes known this way. With `undefined` it disappears again, also from
   * the answers about subscriptions that hold it.
   *
   * @throws RangeError when `target` has no object, or not exactly one of name and definition.
   */
  set(target: StatisticTarget, value: unknown): void;
  /** Ends every connection and stops listening; resolves when nothing is left. Idempotent. */
  close(): Promise<void>;
}

/**
 * Starts a simulator: a real HTTP server with all five endpoints, and a contact centre behind it whose numbers agree
 * with each other at every instant.
 *
 * What no public source shows is made up, and says so where it is: the state of an agent or a group as a value, the
 * `status.code` of failures (the HTTP status), what a bad statistic does to a request (all of it is refused with 400, unless
 * `partial`). CometD goes as far as the vendor's client needs to initialise; nothing is pushed.
 *
 * Time is in whole seconds inside the centre, as in Stat Server's messages, so durations add up exactly. The totals start
 * anew at midnight UTC, when calls that still wait count as entered on the new day; the centre has run since then (at
 * least two hours, less when it is very large) before the first request. It holds the process only by listening.
 *
 * Rejects with a RangeError when an option is out of bounds, and with the system's error when the port cannot be had.
 *
 * @example
 * await using simulator = await createSimulator({ seed: 7, clock: 'manual' });
 * const client = createStatisticsClient({ baseUrl: simulator.url });
 * simulator.set({ name: 'Current_In_Queue', objectId: 'Sales@SIP', objectType: 'Queue' }, 12);
 */
export async function createSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const settings = readSimulatorOptions(options);
  const clock = createClock(settings.startAt, settings.clock === 'manual' ? 0 : settings.speed);
  const centre = new Centre({
    seed: settings.seed,
    startAt: Math.floor(settings.startAt / 1000),
    agents: settings.agents,
    queues: settings.queues,
  });
  const statistics = new Statistics(centre);
  const subscriptions = new Map<string, Subscription>();
  const faults = createFaults();
  const bayeux = createBayeux();
  const credentials = createCredentials(settings.apiKey, settings.token);
  const book = createLedger(() => subscriptions.keys(), () => server.sockets);
  /** Nothing happens by timers: the centre catches up with the clock whenever somebody looks. */
  const catchUp = (): number => {
    centre.runTo(Math.floor(clock.now() / 1000));
    return centre.now;
  };
  const forget = (id?: string): void => {
    if (id === undefined) subscriptions.clear();
    else subscriptions.delete(id);
  };
  const snapshot = () => (catchUp(), snapshotOf(centre));
  const server = await listen(
    {
      faults,
      latency: settings.latency,
      record: (entry) => book.record(entry),
      process: createProcess({
        statistics, subscriptions, book, bayeux, credentials, partial: settings.partial, maxStatistics: settings.maxStatistics, now: catchUp,
      }),
      forget,
      expireToken: (newToken) => void credentials.expireToken(newToken),
    },
    settings.host,
    settings.port,
  );
  let closed: Promise<void> | undefined;
  const close = (): Promise<void> => {
    bayeux.close();
    return (closed ??= server.close());
  };
  const host = settings.host.includes(':') ? `[${settings.host}]` : settings.host;
  return {
    url: `http://${host}:${server.port}${BASE_PATH}`,
    port: server.port,
    ledger: book.ledger,
    centre: {
      now: () => clock.now(),
      queues: () => snapshot().queues,
      agents: () => snapshot().agents,
      groups: () => snapshot().groups,
      snapshot,
    },
    advance(ms) {
      clock.advance(ms);
      catchUp();
    },
    fault: (script) => faults.add(script),
    forget,
    expireToken: (newToken) => credentials.expireToken(newToken),
    set({ name, definition, objectId, objectType }, value) {
      if ((name === undefined) === (definition === undefined) || typeof objectId !== 'string' || typeof objectType !== 'string') {
        throw wrong('set(target)', { name, definition, objectId, objectType }, 'objectId, objectType and exactly one of name and definition');
      }
      statistics.override({ name, definition, objectId, objectType }, value, clock.now());
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}
