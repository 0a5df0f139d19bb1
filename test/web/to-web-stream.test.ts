/** A stream as a ReadableStream: freshness, flat memory, and every way to end; and that it needs nothing of Node. */
import { concat, finalize, from, NEVER, Observable, of, Subject, throwError } from 'rxjs';
import { describe, expect, it, vi } from 'vitest';
import type { StatisticValue } from '../../src/index.js';
import { toWebStream, type ConsumerOptions } from '../../src/web/index.js';
import { collect, settled, statistic } from '../support/values.js';

describe('toWebStream', () => {
  it('subscribes when it is read, not before', async () => {
    const source = new Subject<number>();
    const stream = toWebStream(source);
    await settled();
    expect(source.observed).toBe(false);
    const reader = stream.getReader();
    void reader.read();
    await settled();
    expect(source.observed).toBe(true);
    await reader.cancel();
    expect(source.observed).toBe(false);
  });

  it.each<[ConsumerOptions, number[]]>([
    [{}, [1, 5]],
    [{ backPressure: { buffer: 3 } }, [1, 3, 4, 5]],
    [{ backPressure: 'all' }, [1, 2, 3, 4, 5]],
  ])('with %o gives %j of five at once', async (options, expected) => {
    // Asked once before the five come: that demand takes the first.
    const source = new Subject<number>();
    const seen = collect(toWebStream(source, options));
    await settled();
    [1, 2, 3, 4, 5].forEach((number) => source.next(number));
    source.complete();
    expect(await seen).toEqual(expected);
  });

  it('keeps memory flat: of 100,000 values over 10 statistics that nobody read the 10 newest are left', async () => {
    const source = new Subject<StatisticValue>();
    const reader = toWebStream(source).getReader();
    const first = reader.read();
    await settled();
    source.next(statistic('first', 0));
    expect((await first).value).toEqual(statistic('first', 0));
    for (let number = 0; number < 100_000; number++) {
      source.next(statistic(String(number % 10), number));
    }
    source.complete();
    const left: unknown[] = [];
    for (let { value, done } = await reader.read(); !done; { value, done } = await reader.read()) {
      left.push(value);
    }
    expect(left).toEqual(Array.from({ length: 10 }, (_, index) => statistic(String(index), 99_990 + index)));
  });

  it('gives a slow pipe the newest value per statistic', async () => {
    const source = new Subject<StatisticValue>();
    const written: unknown[] = [];
    let proceed = (): void => undefined;
    const slow = new WritableStream<StatisticValue>({
      write(value) {
        written.push(value);
        return new Promise((resolve) => (proceed = resolve));
      },
    });
    const finished = toWebStream(source).pipeTo(slow);
    await settled();
    for (let number = 1; number <= 100; number++) {
      source.next(statistic('a', number));
      source.next(statistic('b', number));
      await Promise.resolve();
    }
    source.complete();
    for (let step = 0; step < 3; step++) {
      proceed();
      await settled();
    }
    await finished;
    expect(written).toEqual([statistic('a', 1), statistic('b', 100), statistic('a', 100)]);
  });

  it('answers many reads at once in order, the surplus with the end', async () => {
    const source = new Subject<number>();
    const reader = toWebStream(source).getReader();
    const reads = Promise.all([reader.read(), reader.read(), reader.read()]);
    await settled();
    source.next(1);
    await settled();
    source.next(2);
    source.complete();
    expect((await reads).map(({ value }) => value)).toEqual([1, 2, undefined]);
    await reader.closed;
  });

  it('answers ten thousand reads from a backlog, without a stack of them', async () => {
    const count = 10_000;
    const reader = toWebStream(from(Array.from({ length: count }, (_, index) => index)), { backPressure: 'all' }).getReader();
    const reads = await Promise.all(Array.from({ length: count }, () => reader.read()));
    expect(reads.at(-1)).toEqual({ done: false, value: count - 1 });
  });

  it('passes null and undefined', async () => {
    expect(await collect(toWebStream(of(null, undefined), { backPressure: 'all' }))).toEqual([null, undefined]);
  });

  it('fails after what was queued', async () => {
    const failure = new Error('lost');
    const seen: unknown[] = [];
    const failed = toWebStream(concat(of(1, 2), throwError(() => failure)), { backPressure: 'all' }).pipeTo(new WritableStream({ write: (value) => void seen.push(value) }));
    await expect(failed).rejects.toBe(failure);
    expect(seen).toEqual([1, 2]);
  });

  it('is a body that fetch takes', async () => {
    const text = toWebStream(of('a', 'b'), { backPressure: 'all' }).pipeThrough(new TextEncoderStream());
    expect(await new Response(text).text()).toBe('ab');
  });
});

describe('toWebStream lets go of the source', () => {
  it.each<[string, (stream: ReadableStream<number>) => Promise<unknown>]>([
    ['when the loop breaks', async (stream) => {
      for await (const _ of stream) {
        break;
      }
    }],
    ['when the sink fails', (stream) => stream.pipeTo(new WritableStream({ write: () => Promise.reject(new Error('disk full')) }))],
    ['when the pipe is aborted', async (stream) => {
      const controller = new AbortController();
      const aborted = stream.pipeTo(new WritableStream(), { signal: controller.signal });
      await settled();
      controller.abort();
      await aborted;
    }],
    ['when it is cancelled before it was read', (stream) => stream.cancel()],
  ])('%s', async (_, consume) => {
    const source = new Subject<number>();
    const unsubscribed = vi.fn();
    const stream = toWebStream(concat(of(1), source).pipe(finalize(unsubscribed)));
    await consume(stream).catch(() => undefined);
    expect(source.observed).toBe(false);
  });

  it('also of both branches of a tee, once both are cancelled', async () => {
    const source = new Subject<number>();
    const [one, other] = toWebStream(source).tee();
    await settled();
    expect(source.observed).toBe(true);
    void one.cancel();
    await settled();
    expect(source.observed).toBe(true);
    await other.cancel();
    expect(source.observed).toBe(false);
  });
});

describe('toWebStream with a signal', () => {
  it('errors with the reason, and drops what was queued', async () => {
    const controller = new AbortController();
    const reader = toWebStream(concat(of(1, 2, 3), NEVER), { signal: controller.signal, backPressure: 'all' }).getReader();
    await reader.read();
    controller.abort('enough');
    await expect(reader.read()).rejects.toBe('enough');
  });

  it('errors a read that waits, and unsubscribes at once', async () => {
    const source = new Subject<number>();
    const controller = new AbortController();
    const reader = toWebStream(source, { signal: controller.signal }).getReader();
    const waiting = reader.read();
    await settled();
    controller.abort('enough');
    expect(source.observed).toBe(false);
    await expect(waiting).rejects.toBe('enough');
  });

  it('is errored from the start when the signal is aborted already', async () => {
    const subscribed = vi.fn();
    const stream = toWebStream(new Observable<number>(subscribed), { signal: AbortSignal.abort('before') });
    await expect(stream.getReader().read()).rejects.toBe('before');
    expect(subscribed).not.toHaveBeenCalled();
  });

  it.each<[string, (stream: ReadableStream<number>) => Promise<unknown>]>([
    ['the end', (stream) => collect(stream)],
    ['being cancelled', (stream) => stream.cancel()],
  ])('does not listen to it after %s', async (_, finish) => {
    const { signal } = new AbortController();
    const removed = vi.spyOn(signal, 'removeEventListener');
    await finish(toWebStream(of(1), { signal }));
    expect(removed).toHaveBeenCalledWith('abort', expect.any(Function));
  });
});
