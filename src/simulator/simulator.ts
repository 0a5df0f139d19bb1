/** A simulator: one contact centre, its statistics and the server in front of them. Owns their common life cycle and the controls of a test. */
import { Centre } from './centre/centre.js';
import { createRandom } from './centre/random.js';
import { snapshotOf } from './centre/report.js';
import { wrong } from './checks.js';
import { createClock } from './clock.js';
import { createControl, isControl } from './control/control.js';
import { createDirection } from './direction.js';
import { createFaults } from './faults.js';
import { createLedger } from './ledger.js';
import { originOf } from './origin.js';
import { readSimulatorOptions, type SimulatorOptions } from './options.js';
import { createBayeux } from './server/bayeux.js';
import { createCredentials } from './server/credentials.js';
import { createProcess } from './server/process.js';
import { BASE_PATH } from './server/route.js';
import { createRunning } from './server/running.js';
import type { Subscription } from './server/subscriptions.js';
import type { Simulator } from './simulator-type.js';
import { Statistics } from './statistics/statistics.js';
import { wireStyle } from './statistics/wire-style.js';

/**
 * Starts a simulator: a real HTTP server with all five endpoints, and a contact centre behind it whose numbers agree
 * with each other at every instant.
 *
 * Some behaviour is made up, because no public source shows it: the value of an agent's or group's state, and the `status.code` of
 * failures (the HTTP status). So is the effect of a bad statistic: 400 for the whole request, unless `partial` is set. CometD works
 * as far as the vendor's client needs to initialise; nothing is pushed.
 *
 * Inside the centre, time is in whole seconds, as in Stat Server's messages, so durations add up exactly. Totals start anew at
 * midnight UTC; calls that wait at that time count as entered on the new day. Before the first request, the centre has run since
 * midnight, but at least two hours (less if it is very large). Only listening keeps the process alive.
 *
 * Rejects with a RangeError if an option is out of bounds, and with the system's error if the port is not available.
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
    roster: settings.roster,
    agents: settings.agents,
    queues: settings.queues,
  });
  const statistics = new Statistics(centre, wireStyle(settings.profile));
  const subscriptions = new Map<string, Subscription>();
  const random = createRandom(settings.seed, 'faults');
  const faults = createFaults((probability) => probability === 1 || random.chance(probability), () => clock.now());
  const bayeux = createBayeux();
  const credentials = createCredentials(settings.apiKey, settings.token);
  const book = createLedger(() => subscriptions.keys(), () => running.sockets);
  /** The centre has no timers. It catches up with the clock at each request and each reading. */
  const catchUp = (): number => {
    centre.runTo(Math.floor(clock.now() / 1000));
    return centre.now;
  };
  const forget = (id?: string): void => {
    if (id === undefined) subscriptions.clear();
    else subscriptions.delete(id);
  };
  const snapshot = () => (catchUp(), snapshotOf(centre));
  const running = createRunning(
    {
      faults,
      latency: settings.latency,
      record: (entry) => book.record(entry),
      process: createProcess({
        statistics, subscriptions, book, bayeux, credentials, profile: settings.profile, partial: settings.partial, maxStatistics: settings.maxStatistics, now: catchUp,
      }),
      forget,
      expireToken: (newToken) => void credentials.expireToken(newToken),
    },
    settings.listen ? { host: settings.host, port: settings.port } : undefined,
    (incoming) => (settings.control && isControl(incoming) ? control(incoming) : undefined),
  );
  let closed: Promise<void> | undefined;
  const close = (): Promise<void> => {
    bayeux.close();
    return (closed ??= running.close());
  };
  const simulator: Simulator = {
    get url() {
      return settings.listen ? `http://${reachable(settings.host)}:${running.port}${BASE_PATH}` : `https://simulator.invalid${BASE_PATH}`;
    },
    get port() {
      return running.port;
    },
    transport: running.transport,
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
    ...createDirection(centre, catchUp),
    fault: (script) => faults.add(script),
    clearFaults: () => faults.clear(),
    objects: () => centre.objects.map(({ type, id, source }) => ({ objectId: id, objectType: type, ...originOf(source) })),
    forget,
    expireToken: (newToken) => credentials.expireToken(newToken),
    set({ name, definition, objectId, objectType }, value) {
      if ((name === undefined) === (definition === undefined) || typeof objectId !== 'string' || typeof objectType !== 'string') {
        throw wrong('set(target)', { name, definition, objectId, objectType }, 'objectId, objectType and exactly one of name and definition');
      }
      statistics.override({ name, definition, objectId, objectType }, value, clock.now());
    },
    stop: () => running.stop(),
    start: () => running.start(),
    close,
    [Symbol.asyncDispose]: close,
  };
  const control = createControl(simulator);
  await running.start();
  return simulator;
}

/** The host for the URL of a listening address. A wildcard address such as `0.0.0.0` is no usable host, so loopback replaces it. */
function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (/^[0:]+$/.test(host)) return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}
