/**
 * One run: one contestant on one load, in a process of its own, against the server. Owns the steps of each kind of
 * measurement, and fails the bench if observers were told anything else than the server's rule says. Knows no scenario.
 */
import { setTimeout as wait } from 'node:timers/promises';
import type { ContestantMethods } from './contestant.ts';
import { requestAll, type Job } from './job.ts';
import { start, type Remote } from './remote.ts';
import type { Forgetting, Ledger, ServerMethods, Setting } from './server.ts';
import { createValues, type Change, type Shape, type Tally } from './values.ts';

export type Server = Remote<ServerMethods>;

export function startServer(): Server {
  return start<ServerMethods>('./server.ts');
}

/** The size and settings of one run. */
export interface Load {
  readonly statistics: number;
  readonly observers: number;
  /** How many statistics a set has; each observer then watches a set. Left out: each watches one statistic. */
  readonly setSize?: number;
  /** Left out: `'text'`. */
  readonly shape?: Shape;
  /** The server ignores the ids it is sent, and makes up its own. */
  readonly ownIds?: true;
  readonly change: Change;
  readonly interval: number;
  /** Polls before the measurement. */
  readonly warmUp: number;
  /** Polls in the measurement. */
  readonly polls: number;
  readonly batchSize?: number;
  readonly openLatency?: number;
  readonly latency?: number;
}

/** The results of a run, by name; times in milliseconds, sizes in bytes. */
export type Figures = Readonly<Record<string, number>>;

/** A kind of measurement. */
export type Measurement = (run: Run) => Promise<Figures>;

export interface Run {
  readonly server: Server;
  readonly contestant: Remote<ContestantMethods>;
  readonly load: Load;
}

/** Milliseconds within which a contestant that waits for an answer comes to rest. */
const settling = 30;

/** Carries out one run. */
export async function run(server: Server, name: string, load: Load, measure: Measurement): Promise<Figures> {
  const { statistics, observers, setSize, shape, ownIds = false, change, openLatency = 0, latency = 0 } = load;
  await server.call('reset', { statistics, observers, setSize, shape, ownIds, change, openLatency, latency } satisfies Setting);
  const contestant = start<ContestantMethods>('./contestant.ts', ['--expose-gc']);
  try {
    const { interval, batchSize } = load;
    const job: Job = { url: await server.call('url'), statistics, observers, setSize, interval, batchSize };
    await contestant.call('load', { contestant: name, job });
    return await measure({ server, contestant, load });
  } catch (error) {
    throw new Error(`${name}, ${statistics} statistics, ${observers} observers: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  } finally {
    await contestant.end();
  }
}

// -- steps that the kinds share ---------------------------------------------------------------------------------------

/** Samples at the moment when every source's next read is held, so that the contestant waits at rest. */
async function restAfter({ server, contestant }: Run, reads: number): Promise<{ ledger: Ledger; cpu: number; tally: Tally }> {
  await server.call('holdAfter', reads);
  await wait(settling);
  const { cpu, tally } = await contestant.call('sample');
  const ledger = await server.call('ledger');
  verify(tally, ledger);
  return { ledger, cpu, tally };
}

/** Requires that all observers together were told exactly what the server's rule says. */
function verify(told: Tally, { expected, cancelled }: Pick<Ledger, 'expected' | 'cancelled'>): void {
  if (told.deliveries !== expected.deliveries || told.checksum !== expected.checksum) {
    throw new Error(
      `the observers were told ${told.deliveries} values (checksum ${told.checksum}), but should have been told ${expected.deliveries} (${expected.checksum})`,
    );
  }
  if (cancelled > 0) {
    throw new Error(`${cancelled} requests were given up before their answer: the interval is too short`);
  }
}

/** Unsubscribes everybody, waits until the contestant says that it has ended, and then looks for late requests. */
async function end({ server, contestant, load }: Run): Promise<Figures> {
  await server.call('release');
  await contestant.call('leave');
  await contestant.call('close');
  await server.call('clientEnded');
  await wait(2 * load.interval + settling);
  const { open, late } = await server.call('ledger');
  return { 'left open': open, 'late requests': late };
}

const requestsOf = ({ opens, reads, peeks }: Ledger): number => opens + reads + peeks;

// -- the kinds -------------------------------------------------------------------------------------------------------

/** CPU, requests and bytes of a poll at a steady pace; with `loop`, also the worst delay of the event loop. */
const steadily =
  ({ loop }: { readonly loop: boolean }): Measurement =>
  async (run) => {
    const { server, contestant, load } = run;
    await contestant.call('start');
    const cold = await server.call('ledger');
    const first = await restAfter(run, load.warmUp);
    if (loop) {
      await contestant.call('loopDelay');
    }
    const last = await restAfter(run, load.warmUp + load.polls);
    const delay = loop ? { delay: await contestant.call('loopDelay') } : {};
    return {
      cpu: (last.cpu - first.cpu) / load.polls,
      requests: (requestsOf(last.ledger) - requestsOf(first.ledger)) / load.polls,
      'requests at start': requestsOf(cold),
      bytes: (last.ledger.bytes - first.ledger.bytes) / load.polls,
      deliveries: (last.tally.deliveries - first.tally.deliveries) / load.polls,
      ...delay,
      ...(await end(run)),
    };
  };

export const steady = steadily({ loop: false });

export const loopDelay = steadily({ loop: true });

/** From the first subscribe to the last first value. */
export const cold: Measurement = async (run) => {
  const { wall, cpu } = await run.contestant.call('start');
  const { ledger } = await restAfter(run, 0);
  return { wall, cpu, 'requests at start': requestsOf(ledger) };
};

/** The heap in use at a steady pace, less the heap in use before the first subscribe. */
export const heap: Measurement = async (run) => {
  const before = await run.contestant.call('heap');
  await run.contestant.call('start');
  await restAfter(run, run.load.warmUp);
  const { used, buffers } = await run.contestant.call('heap');
  return { used: used - before.used, buffers: buffers - before.buffers };
};

/** The age of values when they are delivered. */
export const staleness: Measurement = async (run) => {
  const { server, contestant, load } = run;
  await contestant.call('start');
  await restAfter(run, load.warmUp);
  await server.call('release');
  // Values that changed while their read was held are older than they should be.
  await wait(2 * load.interval);
  await contestant.call('recordAges');
  await wait(load.polls * load.interval);
  const ages = (await contestant.call('ages')).sort((a, b) => a - b);
  await restAfter(run, 0);
  const at = (share: number): number => ages[Math.min(ages.length - 1, Math.floor(ages.length * share))] ?? Number.NaN;
  return { p50: at(0.5), p99: at(0.99) };
};

/** Stops in the midst of polling. */
export const stopping: Measurement = async (run) => {
  await run.contestant.call('start');
  await restAfter(run, run.load.warmUp);
  return end(run);
};

/** Milliseconds: somewhat longer than a library may keep a statistic that nobody observes any more. */
const lingering = 1500;

/** All observers leave while the opening is in flight; the client is closed only after everything has come to rest. */
export const leavingWhileOpening: Measurement = async (run) => {
  const { server, contestant, load } = run;
  await contestant.call('begin');
  while (requestsOf(await server.call('ledger')) === 0) {
    await wait(1);
  }
  await contestant.call('leave');
  await wait((load.openLatency ?? 0) + lingering);
  const { open } = await server.call('ledger');
  return { ...(await end(run)), 'left open': open };
};

/** The server forgets every subscription just after a poll; measures how long it takes until all observers have new values. */
export const recovery =
  (how: Forgetting): Measurement =>
  async (run) => {
    const { server, contestant, load } = run;
    await contestant.call('start');
    const { tally } = await restAfter(run, load.warmUp);
    const forgotten = server.call('forget', how);
    await server.call('release');
    const recovered = contestant.call('reach', tally.deliveries + load.observers);
    const time = (await recovered) - (await forgotten);
    await restAfter(run, 2);
    return { time };
  };

/** Milliseconds from one observer's arrival to the next, and from the last until all statistics must share upstreams. */
const apart = 20;
const settledAfter = 5000;
/** The library's `batch.window`, at its default. */
const batchWindow = 10;

/** Observers arrive one at a time, each for another statistic; at first there are none. */
export const arrivals: Measurement = async ({ server, contestant, load }) => {
  const count = load.statistics;
  await server.call('release');
  const roundTrips = await contestant.call('roundTrips', 50);
  const waited = (await contestant.call('arrive', { count, apart })).sort((a, b) => a - b);
  await wait(settledAfter);
  const { tally } = await contestant.call('sample');
  const { opens, open, peeks } = await server.call('ledger');
  // A poll may be given up after its statistics have moved to another upstream.
  verify(tally, { expected: firstValues(count), cancelled: 0 });
  const roundTrip = Math.max(...roundTrips);
  const worst = waited.at(-1) ?? Number.NaN;
  return {
    'round trip': roundTrip,
    p50: waited[Math.floor(count / 2)] ?? Number.NaN,
    worst,
    allowed: worst / (roundTrip + batchWindow),
    opens,
    open,
    peeks,
  };
};

/** The tally of observers that watch one statistic each, while nothing changes. */
function firstValues(count: number): Tally {
  const values = createValues({ definitions: requestAll(count), observers: count, change: { by: 'reads', share: 0 } });
  values.subscription(Array.from({ length: count }, (_, statistic) => ({ statistic, statisticId: '' })));
  return values.expected;
}
