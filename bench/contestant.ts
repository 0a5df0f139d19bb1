/**
 * One contestant in a process of its own, fresh for each run: starts it, and reports its costs and what its observers
 * were told. Owns the measuring from inside. The process that started it decides when to measure.
 *
 *     node --expose-gc bench/contestant.ts   (forked by bench/run.ts, which calls the methods below)
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { requestAll, type Contestant, type Job, type Observer, type Running } from './job.ts';
import { serve } from './remote.ts';
import { createTally } from './tally.ts';
import type { Tally } from './values.ts';

export interface Cold {
  /** Milliseconds from the first subscribe to the last first value. */
  readonly wall: number;
  /** Milliseconds of CPU in that time, user and system. */
  readonly cpu: number;
}

export interface Sample {
  /** Milliseconds of CPU, user and system, since the process began. */
  readonly cpu: number;
  readonly tally: Tally;
}

export interface Heap {
  /** Bytes in use after collections. */
  readonly used: number;
  /** The same for buffers, which lie outside the heap. */
  readonly buffers: number;
}

export interface ContestantMethods {
  /** Loads the contestant. */
  load(given: { readonly contestant: string; readonly job: Job }): Promise<void>;
  /** Subscribes all observers; resolves when each has had its first value. */
  start(): Promise<Cold>;
  /** Subscribes all observers, and waits for nothing. */
  begin(): void;
  sample(): Sample;
  heap(): Promise<Heap>;
  /** The worst delay of the event loop since the last call, in milliseconds. */
  loopDelay(): number;
  /** Adds observers one at a time, `apart` milliseconds apart; returns how many milliseconds each waited for its first value. */
  arrive(given: { readonly count: number; readonly apart: number }): Promise<number[]>;
  /** Makes `count` bare requests for an unknown subscription; returns how many milliseconds each took. */
  roundTrips(count: number): Promise<number[]>;
  recordAges(): void;
  ages(): number[];
  /** Resolves, with epoch milliseconds, once this many deliveries were made. */
  reach(deliveries: number): Promise<number>;
  leave(): void;
  close(): Promise<void>;
}

const tally = createTally();
let prepared: (() => Running) | undefined;
let running: Running | undefined;
let observers = 0;
let ages: number[] = [];
let url = '';
/** Called with the number of each delivery's observer, if observers arrive one at a time. */
let arrived: ((number: number) => void) | undefined;
const delays = monitorEventLoopDelay({ resolution: 1 });

/** Milliseconds. */
function cpu(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Only for measurements of the heap, because a forced collection affects V8's later collections. */
async function settledHeap(): Promise<Heap> {
  for (let collection = 0; collection < 4; collection++) {
    globalThis.gc?.();
    await wait(10);
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return { used: heapUsed, buffers: arrayBuffers };
}

function observeArrival(number: number): Observer {
  const tell = tally.observe(number);
  return (told) => {
    tell(told);
    arrived?.(number);
  };
}

function begin(): Running {
  if (prepared === undefined) {
    throw new Error('no contestant was loaded');
  }
  return (running ??= prepared());
}

serve({
  async load({ contestant, job }) {
    const { start } = (await import(`./contestants/${contestant}.ts`)) as { start: Contestant };
    const definitions = requestAll(job.statistics);
    observers = job.observers;
    url = job.url;
    prepared = () => start({ ...job, definitions, observe: arrived === undefined ? tally.observe : observeArrival, observeSet: tally.observeSet });
  },
  async start() {
    const firsts = tally.reach(observers);
    const [wallBefore, cpuBefore] = [performance.now(), cpu()];
    begin();
    await firsts;
    return { wall: performance.now() - wallBefore, cpu: cpu() - cpuBefore };
  },
  begin() {
    begin();
  },
  sample: () => ({ cpu: cpu(), tally: tally.now() }),
  heap: settledHeap,
  loopDelay() {
    const worst = delays.max / 1e6;
    delays.enable();
    delays.reset();
    return worst;
  },
  async arrive({ count, apart }) {
    const joined: number[] = [];
    const waited: number[] = [];
    arrived = (number) => (waited[number] ??= performance.now() - (joined[number] ?? 0));
    const { join } = begin();
    const begun = performance.now();
    const all = tally.reach(count);
    for (let number = 0; number < count; number++) {
      await wait(Math.max(0, begun + number * apart - performance.now()));
      joined[number] = performance.now();
      join?.(number);
    }
    await all;
    return waited;
  },
  async roundTrips(count) {
    const took: number[] = [];
    for (let request = 0; request < count; request++) {
      const begun = performance.now();
      await (await fetch(`${url}/subscriptions/unknown/statistic-values`)).text();
      took.push(performance.now() - begun);
    }
    return took;
  },
  recordAges() {
    ages = tally.recordAges();
  },
  ages() {
    tally.stopRecording();
    return ages;
  },
  reach: (deliveries) => tally.reach(deliveries),
  leave: () => running?.leave(),
  close: () => running?.close() ?? Promise.resolve(),
} satisfies ContestantMethods);
