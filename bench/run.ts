/**
 * One run: one contestant on one load, in a process of its own against the server, and what came of it. Owns the order
 * of things in each kind of measurement, and that a contestant whose observers were told anything but what the server's
 * rule says fails the bench. What is run, and what is made of the figures, is for others to say.
 */
import { setTimeout as wait } from 'node:timers/promises';
import type { ContestantMethods } from './contestant.ts';
import { requestAll, type Job } from './job.ts';
import { start, type Remote } from './remote.ts';
import type { Forgetting, Ledger, ServerMethods, Setting } from './server.ts';
import { createValues, type Change, type Tally } from './values.ts';

export type Server = Remote<ServerMethods>;

export function startServer(): Server {
  return start<ServerMethods>('./server.ts');
}

/** What one run is to be. */
export interface Load {
  readonly statistics: number;
  readonly observers: number;
  readonly change: Change;
  readonly interval: number;
  /** Polls before anything is measured. */
  readonly warmUp: number;
  /** Polls in which it is. */
  readonly polls: number;
  readonly batchSize?: number;
  readonly backoff?: number;
  readonly openLatency?: number;
  readonly latency?: number;
}

/** What a run measured, by name; times in milliseconds, sizes in bytes. */
export type Figures = Readonly<Record<string, number>>;

/** A kind of measurement. */
export type Measurement = (run: Run) => Promise<Figures>;

export interface Run {
  readonly server: Server;
  readonly contestant: Remote<ContestantMethods>;
  readonly load: Load;
}

/** Milliseconds in which a contestant that waits for an answer comes to rest. */
const settling = 30;

/** Carries out one run. */
export async function run(server: Server, name: string, load: Load, measure: Measurement): Promise<Figures> {
  const { statistics, observers, change, openLatency = 0, latency = 0 } = load;
  await server.call('reset', { statistics, observers, change, openLatency, latency } satisfies Setting);
  const contestant = start<ContestantMethods>('./contestant.ts', ['--expose-gc']);
  try {
    const { interval, batchSize, backoff } = load;
    const job: Job = {
      url: await server.call('url'),
      statistics, observers, interval,
      ...(batchSize === undefined ? {} : { batchSize }),
      ...(backoff === undefined ? {} : { backoff }),
    };
    await contestant.call('load', { contestant: name, job });
    return await measure({ server, contestant, load });
  } catch (error) {
    throw new Error(`${name}, ${statistics} statistics, ${observers} observers: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  } finally {
    await contestant.end();
  }
}

// -- what every kind is made of --------------------------------------------------------------------------------------

/** The moment when every source's next read is held, and the contestant waits for it, at rest. */
async function restAfter({ server, contestant }: Run, reads: number): Promise<{ ledger: Ledger; cpu: number; tally: Tally }> {
  await server.call('holdAfter', reads);
  await wait(settling);
  const { cpu, tally } = await contestant.call('sample');
  const ledger = await server.call('ledger');
  verify(tally, ledger);
  return { ledger, cpu, tally };
}

/** All observers together were told exactly what the server's rule says. */
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

/** Everybody unsubscribes, the contestant says that it has ended, and time passes. */
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

/** CPU, requests and bytes of a poll, when all has come to a steady pace; and the worst delay of the event loop, if `loop`. */
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

/** What is in use once all has come to a steady pace, above what was before the first subscribe. */
export const heap: Measurement = async (run) => {
  const before = await run.contestant.call('heap');
  await run.contestant.call('start');
  await restAfter(run, run.load.warmUp);
  const { used, buffers } = await run.contestant.call('heap');
  return { used: used - before.used, buffers: buffers - before.buffers };
};

/** How old values are when they are told. */
export const staleness: Measurement = async (run) => {
  const { server, contestant, load } = run;
  await contestant.call('start');
  await restAfter(run, load.warmUp);
  await server.call('release');
  // What changed while its read was held is older than it should be.
  await wait(2 * load.interval);
  await contestant.call('recordAges');
  await wait(load.polls * load.interval);
  const ages = (await contestant.call('ages')).sort((a, b) => a - b);
  await restAfter(run, 0);
  const at = (share: number): number => ages[Math.min(ages.length - 1, Math.floor(ages.length * share))] ?? Number.NaN;
  return { p50: at(0.5), p99: at(0.99) };
};

/** Stopped in the midst of polling. */
export const stopping: Measurement = async (run) => {
  await run.contestant.call('start');
  await restAfter(run, run.load.warmUp);
  return end(run);
};

/** Milliseconds for which a library may keep what nobody observes any more, and then some. */
const lingering = 1500;

/** All observers leave while the opening is on its way; nothing is closed until all has come to rest. */
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

/** The server forgets every subscription just after a poll: how long until all observers are told what is new. */
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

/** Milliseconds between one observer's coming and the next, and after the last until all must live together. */
const apart = 20;
const settledAfter = 5000;
/** The library's `batch.window`, at its default. */
const batchWindow = 10;

/** Observers, each of another statistic, come one at a time: at the beginning there are none. */
export const arrivals: Measurement = async ({ server, contestant, load }) => {
  const count = load.statistics;
  await server.call('release');
  const roundTrips = await contestant.call('roundTrips', 50);
  const waited = (await contestant.call('arrive', { count, apart })).sort((a, b) => a - b);
  await wait(settledAfter);
  const { tally } = await contestant.call('sample');
  const { opens, open, peeks } = await server.call('ledger');
  // A poll of what has moved elsewhere may be given up.
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

/** What observers are told of whom each watches another statistic, and nothing changes. */
function firstValues(count: number): Tally {
  const values = createValues({ definitions: requestAll(count), observers: count, change: { by: 'reads', share: 0 } });
  values.subscription(Array.from({ length: count }, (_, statistic) => ({ statistic, statisticId: '' })));
  return values.expected;
}
