/** Batches by count and by time, what waits behind a busy sink, and that told and delivered are all that was produced. */
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { interval, Subject, take } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { StatisticsOptionError } from '../../src/index.js';
import { toBatches, toReadable, type BatchOptions } from '../../src/node/index.js';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'] }));
afterEach(() => void vi.useRealTimers());

const tick = (milliseconds: number): Promise<unknown> => vi.advanceTimersByTimeAsync(milliseconds);

/** A sink that is busy for some time with each batch. */
function busySink(milliseconds: number): { sink: Writable; written: number[][] } {
  const written: number[][] = [];
  const sink = new Writable({
    objectMode: true,
    highWaterMark: 1,
    write(batch: number[], _, callback) {
      written.push(batch);
      setTimeout(callback, milliseconds);
    },
  });
  return { sink, written };
}

describe('toBatches', () => {
  it('gives a batch when it is full, and the rest at the end', async () => {
    const batches = toBatches({ size: 3, within: 1000 });
    [1, 2, 3, 4, 5, 6, 7].forEach((value) => batches.write(value));
    batches.end();
    expect(await batches.toArray()).toEqual([[1, 2, 3], [4, 5, 6], [7]]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('gives nothing for nothing', async () => {
    const batches = toBatches({ size: 3, within: 1000 });
    batches.end();
    expect(await batches.toArray()).toEqual([]);
  });

  it('gives what there is once the first of it has waited long enough, and never an empty batch', async () => {
    const batches = toBatches({ size: 100, within: 1000 });
    const given: unknown[] = [];
    batches.on('data', (batch) => given.push(batch));
    await tick(5000);
    batches.write('a');
    await tick(600);
    batches.write('b');
    await tick(399);
    expect(given).toEqual([]);
    await tick(1);
    expect(given).toEqual([['a', 'b']]);
    await tick(5000);
    batches.write('c');
    await tick(1000);
    expect(given).toEqual([['a', 'b'], ['c']]);
    batches.destroy();
  });

  it('of a size of 1 are the values one by one', async () => {
    const { sink, written } = busySink(10);
    const finished = pipeline(toReadable(interval(5).pipe(take(4)), { backPressure: 'all' }), toBatches({ size: 1, within: 1000 }), sink);
    await tick(100);
    await finished;
    expect(written).toEqual([[0], [1], [2], [3]]);
  });

  it('goes on filling up while the sink is busy, by no more than one batch', async () => {
    const { sink, written } = busySink(1000);
    const source = new Subject<number>();
    const batches = toBatches({ size: 5, within: 10 });
    const onDrop = vi.fn<(count: number) => void>();
    const finished = pipeline(toReadable(source, { backPressure: { buffer: 2 }, onDrop }), batches, sink);
    await tick(0);
    for (let number = 1; number <= 20; number++) {
      source.next(number);
      await tick(20);
    }
    // The first went alone, since its time was over; the second is full, and what is in front has dropped the rest.
    expect(written).toEqual([[1]]);
    await tick(1000);
    expect(written.slice(1)).toEqual([[2, 3, 4, 5, 6]]);
    expect(batches.writableLength + batches.readableLength).toBeLessThanOrEqual(2);
    source.complete();
    await tick(5000);
    await finished;
    const delivered = written.flat();
    const told = onDrop.mock.calls.reduce((sum, [count]) => sum + count, 0);
    expect(delivered.slice(-2)).toEqual([19, 20]);
    expect(delivered).toEqual([...new Set(delivered)].sort((a, b) => a - b));
    expect(told + delivered.length).toBe(20);
  });

  it('end their timer and let go of the source when the sink fails', async () => {
    const source = new Subject<number>();
    const sink = new Writable({ objectMode: true, write: (_batch, _encoding, callback) => callback(new Error('disk full')) });
    const failed = pipeline(toReadable(source), toBatches({ size: 2, within: 1000 }), sink).catch((error: unknown) => error);
    await tick(0);
    source.next(1);
    await tick(0);
    expect(vi.getTimerCount()).toBe(1);
    source.next(2);
    await tick(0);
    expect(await failed).toMatchObject({ message: 'disk full' });
    expect(source.observed).toBe(false);
    await tick(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('end their timer when they are destroyed', async () => {
    const batches = toBatches({ size: 2, within: 1000 });
    batches.write(1);
    await tick(0);
    batches.destroy();
    await tick(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  it.each<[unknown, string]>([
    [undefined, 'options must be an object with size, within, got undefined'],
    [{ within: 1 }, 'size must be a whole number from 1 to 9007199254740991, got undefined'],
    [{ size: 1.5, within: 1 }, 'size must be a whole number from 1 to 9007199254740991, got 1.5'],
    [{ size: 1 }, 'within must be a finite number from 1 to 2147483647, got undefined'],
    [{ size: 1, within: 2 ** 31 }, 'within must be a finite number from 1 to 2147483647, got 2147483648'],
    [{ size: 1, within: 1, most: 1 }, 'options has no "most", only size, within'],
  ])('refuses %o', (options, message) => {
    expect(() => toBatches(options as BatchOptions)).toThrow(expect.objectContaining({ constructor: StatisticsOptionError, message }));
  });
});

describe('batches under { buffer } when values are lost', () => {
  it.each([
    { buffer: 10, size: 10, within: 50, every: 1, busy: 100, loses: true },
    { buffer: 100, size: 7, within: 20, every: 1, busy: 30, loses: true },
    { buffer: 1, size: 1000, within: 5, every: 1, busy: 200, loses: false },
    { buffer: 50, size: 50, within: 1000, every: 5, busy: 1, loses: false },
  ])('%o: told + delivered = produced', async ({ buffer, size, within, every, busy, loses }) => {
    const { sink, written } = busySink(busy);
    const told: number[] = [];
    const produced = 5000;
    const values$ = interval(every).pipe(take(produced));
    const finished = pipeline(toReadable(values$, { backPressure: { buffer }, onDrop: (count) => told.push(count) }), toBatches({ size, within }), sink);
    for (let milliseconds = 0; milliseconds < produced * every + 2000; milliseconds += 10) {
      await tick(10);
    }
    await finished;
    const sum = told.reduce((total, count) => total + count, 0);
    expect(sum + written.flat().length).toBe(produced);
    expect(written.every((batch) => batch.length > 0 && batch.length <= size)).toBe(true);
    // At most once a second, and once at the end.
    expect(told.length).toBeLessThanOrEqual((produced * every) / 1000 + 1);
    expect(sum > 0).toBe(loses);
    expect(vi.getTimerCount()).toBe(0);
  }, 60_000);
});
