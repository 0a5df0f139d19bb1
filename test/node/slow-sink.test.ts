/** What a slow sink is given under `'latest'` and `latestBy`: how old, from which sources, and at what cost of memory. In virtual time. */
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { interval, map, merge, Subject, take, type Observable } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { StatisticValue } from '../../src/index.js';
import { toAsyncIterable, toReadable, toWebStream, type BackPressure } from '../../src/node/index.js';
import { settled, statistic } from '../support/values.js';

interface Handed {
  readonly key: string;
  /** Milliseconds between its production and its handing over. */
  readonly age: number;
  /** Whether its source had produced a newer one by then. */
  readonly outdated: boolean;
}

type Consume = (source: Observable<StatisticValue>, backPressure: BackPressure<StatisticValue>, sink: (value: StatisticValue) => Promise<void>) => Promise<void>;

const consumers: [string, Consume][] = [
  ['toReadable and a Writable', async (source, backPressure, sink) => {
    const writable = new Writable({ objectMode: true, highWaterMark: 1, write: (value: StatisticValue, _, callback) => void sink(value).then(() => callback(), callback) });
    await pipeline(toReadable(source, { backPressure }), writable);
  }],
  ['toReadable and for await', async (source, backPressure, sink) => {
    for await (const value of toReadable(source, { backPressure })) {
      await sink(value as StatisticValue);
    }
  }],
  ['toAsyncIterable', async (source, backPressure, sink) => {
    for await (const value of toAsyncIterable(source, { backPressure })) {
      await sink(value);
    }
  }],
  ['toWebStream', (source, backPressure, sink) => toWebStream(source, { backPressure }).pipeTo(new WritableStream({ write: sink }))],
];

const rules: [string, BackPressure<StatisticValue>][] = [
  ['latest', 'latest'],
  ['latestBy', { latestBy: ({ objectId }) => objectId }],
];

const [sourceEvery, sinkBusy] = [5, 50];

describe.each(rules)(`a sink of ${sinkBusy} ms behind sources of ${sourceEvery} ms under %s`, (_, backPressure) => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'] }));
  afterEach(() => void vi.useRealTimers());

  describe.each(consumers)('by %s', (__, consume) => {
    /** Ten seconds of it. */
    async function run(sources: number): Promise<Handed[]> {
      const newest = new Map<string, number>();
      const handed: Handed[] = [];
      const source = (key: string): Observable<StatisticValue> =>
        interval(sourceEvery).pipe(
          map((number) => {
            newest.set(key, number);
            return statistic(key, number, { timestamp: Date.now() });
          }),
          take(10_000 / sourceEvery),
        );
      const finished = consume(merge(...Array.from({ length: sources }, (_each, index) => source(String(index)))), backPressure, async ({ objectId, timestamp, value }) => {
        handed.push({ key: objectId, age: Date.now() - (timestamp ?? 0), outdated: value !== newest.get(objectId) });
        await new Promise<void>((resolve) => void setTimeout(resolve, sinkBusy));
      });
      for (let milliseconds = 0; milliseconds < 10_000 + 2 * sources * sinkBusy; milliseconds += sourceEvery) {
        await vi.advanceTimersByTimeAsync(sourceEvery);
        await new Promise(setImmediate);
      }
      await finished;
      return handed;
    }

    it('one source: what is handed over is at most 60 ms old', async () => {
      const handed = await run(1);
      expect(handed.length).toBeGreaterThan(150);
      expect(Math.max(...handed.map(({ age }) => age))).toBeLessThanOrEqual(60);
    }, 60_000);

    it('twenty sources: each gets its turn, and is as fresh', async () => {
      const sources = 20;
      const handed = await run(sources);
      const whileProducing = handed.slice(0, -sources);
      expect(Math.max(...whileProducing.map(({ age }) => age))).toBeLessThanOrEqual(60);
      const turns = Array.from({ length: sources }, (___, index) => handed.filter(({ key }) => key === String(index)).length);
      expect(Math.min(...turns)).toBeGreaterThanOrEqual(Math.max(...turns) - 2);
      // The end: what waited is still the newest of its source.
      expect(new Set(handed.slice(-sources).map(({ key }) => key)).size).toBe(sources);
      expect(handed.slice(-sources).filter(({ outdated }) => outdated)).toEqual([]);
    }, 60_000);
  });
});

describe.each(rules)('250,000 values that a sink cannot keep up with, under %s', (_, backPressure) => {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  const heap = (): number => {
    collectGarbage();
    return process.memoryUsage().heapUsed;
  };

  it.each(consumers)('by %s leave memory flat, and starve no source', async (__, consume) => {
    const source = new Subject<StatisticValue>();
    const handed = new Map<string, number>();
    let most = 0;
    let proceed = (): void => undefined;
    let isOver = false;
    const finished = consume(source, backPressure, ({ objectId }) => {
      handed.set(objectId, (handed.get(objectId) ?? 0) + 1);
      return isOver ? Promise.resolve() : new Promise((resolve) => (proceed = resolve));
    });
    await settled();
    const [total, sources] = [250_000, 100];
    let before = 0;
    for (let number = 0; number < total; number++) {
      source.next(statistic(String(number % sources), number));
      if (number % 10_000 === 9_999) {
        proceed();
        await settled();
      }
      if (number % 50_000 === 24_999) {
        before ||= heap();
        most = Math.max(most, heap() - before);
      }
    }
    isOver = true;
    source.complete();
    proceed();
    await finished;
    // Kept values would take several times as much.
    expect(most).toBeLessThan(4_000_000);
    expect(handed.size).toBe(sources);
  }, 120_000);
});
