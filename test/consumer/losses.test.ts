/** Every loss is reported, at most once a second, under every rule and however a stream ends: reported + delivered = produced. */
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import fc from 'fast-check';
import { config, from, Subject } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createLosses } from '../../src/consumer/losses.js';
import { createPull } from '../../src/consumer/pull.js';
import { toAsyncIterable, toReadable, toWebStream, type BackPressure, type ConsumerOptions } from '../../src/node/index.js';
import { collect, settled, statistic } from '../support/values.js';

describe('losses', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('are reported a second after the first, then at most once a second', () => {
    const reported: [number, number][] = [];
    const losses = createLosses((count) => reported.push([performance.now(), count]));
    const start = performance.now();
    for (let milliseconds = 0; milliseconds < 2500; milliseconds += 10) {
      losses.add(1);
      vi.advanceTimersByTime(10);
    }
    expect(reported.map(([at, count]) => [at - start, count])).toEqual([[1000, 100], [2000, 100]]);
    losses.end();
    expect(reported.slice(2).map(([, count]) => count)).toEqual([50]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('of no values are not reported, and set no timer', () => {
    const onDrop = vi.fn();
    const losses = createLosses(onDrop);
    losses.add(0);
    expect(vi.getTimerCount()).toBe(0);
    losses.end();
    expect(onDrop).not.toHaveBeenCalled();
  });

  it('set no timer without onDrop', () => {
    createLosses(undefined).add(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('are still reported after onDrop has thrown, and its error is reported as unhandled', () => {
    const unhandled = vi.fn();
    config.onUnhandledError = unhandled;
    onTestFinished(() => void (config.onUnhandledError = null));
    const failure = new Error('no logger');
    const onDrop = vi.fn().mockImplementationOnce(() => {
      throw failure;
    });
    const losses = createLosses(onDrop);
    losses.add(1);
    vi.advanceTimersByTime(1000);
    losses.add(2);
    vi.advanceTimersByTime(1000);
    expect(onDrop.mock.calls).toEqual([[1], [2]]);
    expect(unhandled).toHaveBeenCalledExactlyOnceWith(failure);
  });
});

describe('reported + delivered = produced', () => {
  const rules: BackPressure<ReturnType<typeof statistic>>[] = ['latest', 'all', { buffer: 1 }, { buffer: 7 }, { latestBy: ({ objectId }) => objectId }];
  const steps = fc.array(fc.oneof({ weight: 3, arbitrary: fc.constantFrom('a', 'b', 'c') }, { weight: 2, arbitrary: fc.constant('take') }), { maxLength: 80 });

  it.each(rules)('under %o, however values are taken and the stream ends', (backPressure) => {
    fc.assert(
      fc.property(steps, fc.constantFrom('complete', 'error', 'stop'), (sequence, ending) => {
        const source = new Subject<ReturnType<typeof statistic>>();
        let [produced, delivered, reported] = [0, 0, 0];
        const pull = createPull(source, { backPressure, onDrop: (count) => (reported += count) }, () => undefined);
        pull.start();
        for (const step of sequence) {
          if (step === 'take') {
            delivered += pull.take()?.kind === 'N' ? 1 : 0;
          } else {
            source.next(statistic(step, produced++));
          }
        }
        if (ending === 'stop') {
          pull.stop();
        } else {
          source[ending as 'complete'](/* nothing */);
          while (pull.take()?.kind === 'N') {
            delivered++;
          }
        }
        expect(reported + delivered).toBe(produced);
      }),
    );
  });

  const values = Array.from({ length: 1000 }, (_, index) => statistic(String(index % 10), index));
  type Consume = (options: ConsumerOptions) => Promise<number>;
  const consumers: [string, Consume][] = [
    ['toAsyncIterable', async (options) => (await collect(toAsyncIterable(from(values), options))).length],
    ['toReadable', async (options) => (await toReadable(from(values), options).toArray()).length],
    ['toWebStream', async (options) => (await collect(toWebStream(from(values), options))).length],
  ];

  it.each(consumers)('by %s, of a burst of a thousand', async (_, consume) => {
    const onDrop = vi.fn<(count: number) => void>();
    const delivered = await consume({ backPressure: { buffer: 100 }, onDrop });
    expect(delivered).toBeLessThan(110);
    expect(onDrop).toHaveBeenCalledExactlyOnceWith(values.length - delivered);
  });

  it('also if a pipeline fails: waiting values are reported with those dropped before', async () => {
    const source = new Subject<number>();
    const onDrop = vi.fn<(count: number) => void>();
    let fail = (): void => undefined;
    const sink = new Writable({ objectMode: true, highWaterMark: 1, write: (_chunk, _encoding, callback) => void (fail = () => callback(new Error('disk full'))) });
    const failed = pipeline(toReadable(source, { backPressure: { buffer: 3 }, onDrop }), sink);
    await settled();
    for (let number = 0; number < 10; number++) {
      source.next(number);
    }
    fail();
    await expect(failed).rejects.toThrow('disk full');
    expect(onDrop).toHaveBeenCalledExactlyOnceWith(9);
  });

  it('also for a value that was requested and never read', () => {
    const source = new Subject<number>();
    const onDrop = vi.fn<(count: number) => void>();
    const readable = toReadable(source, { onDrop });
    readable.read();
    source.next(1);
    source.next(2);
    readable.destroy();
    expect(onDrop).toHaveBeenCalledExactlyOnceWith(2);
  });
});

describe("an item that 'latest' cannot tell from another source's", () => {
  const consumers: [string, (source: Subject<object>, options: ConsumerOptions) => Promise<unknown>][] = [
    ['toAsyncIterable', (source, options) => collect(toAsyncIterable(source, options))],
    ['toReadable', (source, options) => toReadable(source, options).toArray()],
    ['toWebStream', (source, options) => collect(toWebStream(source, options))],
  ];

  it.each(consumers)('ends %s at once, with an error that names latestBy, and unsubscribes', async (_, consume) => {
    const source = new Subject<object>();
    const onDrop = vi.fn<(count: number) => void>();
    const ended = consume(source, { onDrop }).catch((error: unknown) => error);
    await settled();
    source.next({ waiting: 1 });
    source.next({ waiting: 2 });
    expect(source.observed).toBe(false);
    expect(await ended).toMatchObject({ name: 'StatisticsError', message: expect.stringContaining('latestBy') as string });
  });

  it.each(consumers)('does not end %s under latestBy', async (_, consume) => {
    const source = new Subject<object>();
    const consumed = consume(source, { backPressure: { latestBy: (item) => Object.keys(item as object).join() } });
    await settled();
    source.next({ a: 1 });
    source.next({ b: 1 });
    source.next({ b: 2 });
    source.complete();
    expect(await consumed).toEqual([{ a: 1 }, { b: 2 }]);
  });

  it.each(consumers)('ends %s if latestBy throws', async (_, consume) => {
    const source = new Subject<object>();
    const failure = new Error('no key');
    const ended = consume(source, {
      backPressure: {
        latestBy: () => {
          throw failure;
        },
      },
    }).catch((error: unknown) => error);
    await settled();
    source.next({});
    expect(source.observed).toBe(false);
    expect(await ended).toBe(failure);
  });
});
