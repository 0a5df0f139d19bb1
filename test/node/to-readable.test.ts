/** A stream as a Readable: freshness for every way of reading, flat memory, and every way to end. */
import { once } from 'node:events';
import { PassThrough, Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { concat, finalize, from, NEVER, Observable, of, Subject, throwError } from 'rxjs';
import { describe, expect, it, vi } from 'vitest';
import { StatisticsError, type StatisticValue } from '../../src/index.js';
import { toReadable, type ConsumerOptions } from '../../src/node/index.js';
import { settled, statistic } from '../support/values.js';

/** Everything a readable gives from now on without waiting. */
function readAll(readable: Readable): unknown[] {
  const values: unknown[] = [];
  for (let value: unknown = readable.read(); value !== null; value = readable.read()) {
    values.push(value);
  }
  return values;
}

/** A Writable that keeps what it is given and is busy until `step` is called. */
function stepped(): { writable: Writable; written: unknown[]; step: () => Promise<void> } {
  const written: unknown[] = [];
  let proceed: (() => void) | undefined;
  const writable = new Writable({
    objectMode: true,
    highWaterMark: 1,
    write(chunk, _, callback) {
      written.push(chunk);
      proceed = callback;
    },
  });
  const step = async (): Promise<void> => {
    proceed?.();
    await settled();
  };
  return { writable, written, step };
}

describe('toReadable', () => {
  it('subscribes when it is read, not before', async () => {
    const source = new Subject<number>();
    const readable = toReadable(source);
    await settled();
    expect(source.observed).toBe(false);
    readable.read();
    expect(source.observed).toBe(true);
    readable.destroy();
    expect(source.observed).toBe(false);
  });

  it('subscribes once, however often it is read', () => {
    let subscribed = 0;
    const source = new Subject<number>();
    const readable = toReadable(new Observable<number>((subscriber) => {
      subscribed++;
      return source.subscribe(subscriber);
    }), { backPressure: 'all' });
    readable.read();
    source.next(1);
    expect(readAll(readable)).toEqual([1]);
    source.next(2);
    expect([readAll(readable), subscribed]).toEqual([[2], 1]);
    readable.destroy();
  });

  it('keeps memory flat: of 100,000 values over 10 unread statistics the 10 newest are left', () => {
    const source = new Subject<StatisticValue>();
    const readable = toReadable(source);
    expect(readable.read()).toBe(null);
    source.next(statistic('first', 0)); // answers the demand
    expect(readable.read()).toEqual(statistic('first', 0));
    for (let number = 0; number < 100_000; number++) {
      source.next(statistic(String(number % 10), number));
    }
    expect(readable.readableLength).toBe(0);
    expect(readAll(readable)).toEqual(Array.from({ length: 10 }, (_, index) => statistic(String(index), 99_990 + index)));
  });

  it('holds at most the one value that was asked for and not fetched', () => {
    const source = new Subject<number>();
    const readable = toReadable(source);
    readable.read();
    for (let number = 1; number <= 1000; number++) {
      source.next(number);
    }
    expect(readable.readableLength).toBe(1);
    expect(readAll(readable)).toEqual([1, 1000]);
  });

  it('gives a paused consumer the newest value', async () => {
    const source = new Subject<number>();
    const seen: unknown[] = [];
    const readable = toReadable(source).on('data', (value) => {
      seen.push(value);
      readable.pause();
    });
    await settled();
    source.next(1);
    source.next(2);
    await settled();
    source.next(3);
    expect(seen).toEqual([1]);
    readable.resume();
    await settled();
    expect(seen).toEqual([1, 3]);
  });

  it('gives a slow for await the newest value', async () => {
    const source = new Subject<number>();
    const seen: unknown[] = [];
    const loop = (async () => {
      for await (const value of toReadable(source)) {
        seen.push(value);
        if (value === 1) {
          await settled();
          source.next(2);
          await settled();
          source.next(3);
          source.complete();
          await settled();
        }
      }
    })();
    await settled();
    source.next(1);
    await loop;
    expect(seen).toEqual([1, 3]);
  });

  it('gives a slow Writable the newest value per statistic', async () => {
    const source = new Subject<StatisticValue>();
    const { writable, written, step } = stepped();
    const finished = pipeline(toReadable(source), writable);
    await settled();
    for (let number = 1; number <= 100; number++) {
      source.next(statistic('a', number));
      source.next(statistic('b', number));
      await Promise.resolve();
    }
    source.complete();
    expect(written).toEqual([statistic('a', 1)]);
    await step();
    await step();
    await step();
    await finished;
    expect(written).toEqual([statistic('a', 1), statistic('b', 100), statistic('a', 100)]);
  });

  it.each<[ConsumerOptions, number[]]>([
    [{}, [1, 5]],
    [{ backPressure: { buffer: 3 } }, [1, 3, 4, 5]],
    [{ backPressure: 'all' }, [1, 2, 3, 4, 5]],
  ])('with %o gives %j of five at once', async (options, expected) => {
    expect(await toReadable(from([1, 2, 3, 4, 5]), options).toArray()).toEqual(expected);
  });

  it('ends after what was queued', async () => {
    const source = new Subject<number>();
    const readable = toReadable(source, { backPressure: 'all' });
    readable.read();
    source.next(1);
    source.next(2);
    source.complete();
    expect(readable.readableEnded).toBe(false);
    expect(await readable.toArray()).toEqual([1, 2]);
    expect(readable.destroyed).toBe(true);
  });

  it('fails after what was queued', async () => {
    const failure = new Error('lost');
    const seen: unknown[] = [];
    const readable = toReadable(concat(of(1, 2), throwError(() => failure)), { backPressure: 'all' });
    const failed = (async () => {
      for await (const value of readable) {
        seen.push(value);
      }
    })();
    await expect(failed).rejects.toBe(failure);
    expect(seen).toEqual([1, 2]);
  });

  it('does not lose to an error a value that was asked for and not fetched', async () => {
    const source = new Subject<number>();
    const readable = toReadable(source);
    const failed = once(readable, 'error');
    readable.read();
    source.next(1);
    source.error(new Error('lost'));
    await settled();
    expect(readable.read()).toBe(1);
    expect(readable.read()).toBe(null);
    expect(await failed).toEqual([new Error('lost')]);
  });

  it.each([null, undefined])('fails on %s, which a Readable cannot carry', async (nothing) => {
    const unsubscribed = vi.fn();
    const readable = toReadable(concat(of(nothing as unknown as number), NEVER).pipe(finalize(unsubscribed)));
    const message = 'toReadable cannot carry null or undefined: map it to something else first';
    await expect(readable.toArray()).rejects.toThrow(new StatisticsError(message));
    expect(unsubscribed).toHaveBeenCalledTimes(1);
  });

  it('does not compile with a stream that may hold null', () => {
    const ratio = of<number | null>(1);
    // @ts-expect-error null ends a Readable
    toReadable(ratio).destroy();
  });

  it('passes the falsy values it can carry', async () => {
    const falsy = of<(number | string | boolean)[]>(0, '', false);
    expect(await toReadable(falsy, { backPressure: 'all' }).toArray()).toEqual([0, '', false]);
  });

  it('becomes a web stream', async () => {
    const seen: unknown[] = [];
    for await (const value of Readable.toWeb(toReadable(of(1, 2, 3), { backPressure: 'all' }))) {
      seen.push(value);
    }
    expect(seen).toEqual([1, 2, 3]);
  });
});

describe('toReadable lets go of the source', () => {
  it('when the consumer breaks', async () => {
    const unsubscribed = vi.fn();
    for await (const _ of toReadable(concat(of(1), NEVER).pipe(finalize(unsubscribed)))) {
      break;
    }
    expect(unsubscribed).toHaveBeenCalledTimes(1);
  });

  it('when the pipeline fails', async () => {
    const source = new Subject<number>();
    const failure = new Error('disk full');
    const failed = pipeline(
      toReadable(source),
      new Writable({ objectMode: true, write: (_chunk, _encoding, callback) => callback(failure) }),
    );
    await settled();
    source.next(1);
    await expect(failed).rejects.toBe(failure);
    expect(source.observed).toBe(false);
  });

  it('when the destination is destroyed', async () => {
    const source = new Subject<number>();
    const destination = new PassThrough({ objectMode: true });
    const failed = pipeline(toReadable(source), destination);
    await settled();
    destination.destroy();
    await expect(failed).rejects.toThrow('Premature close');
    expect(source.observed).toBe(false);
  });

  it('at once when a listener destroys it during a burst', () => {
    const source = new Observable<number>((subscriber) => {
      for (let number = 0; !subscriber.closed && number < 10; number++) {
        subscriber.next(number);
      }
    });
    const trigger = new Subject<number>();
    const seen: unknown[] = [];
    const readable = toReadable(trigger, { backPressure: 'all' });
    readable.on('data', (value) => {
      seen.push(value);
      readable.destroy();
    });
    readable.read();
    source.subscribe(trigger);
    expect(seen).toEqual([0]);
    expect(trigger.observed).toBe(false);
  });
});

describe('toReadable with a signal', () => {
  it('is destroyed with the reason, and drops what was queued', async () => {
    const source = new Subject<number>();
    const controller = new AbortController();
    const { writable, written } = stepped();
    const failed = pipeline(toReadable(source, { signal: controller.signal }), writable);
    await settled();
    source.next(1);
    source.next(2);
    const reason = new Error('enough');
    controller.abort(reason);
    expect(source.observed).toBe(false);
    await expect(failed).rejects.toBe(reason);
    expect(written).toEqual([1]);
  });

  it('is destroyed before it was ever read', async () => {
    const controller = new AbortController();
    const subscribed = vi.fn();
    const readable = toReadable(new Observable<number>(subscribed), { signal: controller.signal });
    controller.abort();
    expect(await once(readable, 'error')).toEqual([controller.signal.reason]);
    expect(subscribed).not.toHaveBeenCalled();
  });

  it('is destroyed from the start when the signal is aborted already', async () => {
    const subscribed = vi.fn();
    const reason = new Error('enough');
    const readable = toReadable(new Observable<number>(subscribed), { signal: AbortSignal.abort(reason) });
    await expect(readable.toArray()).rejects.toBe(reason);
    expect(subscribed).not.toHaveBeenCalled();
  });

  it('does not listen to it after the end', async () => {
    const { signal } = new AbortController();
    const removed = vi.spyOn(signal, 'removeEventListener');
    await toReadable(of(1), { signal }).toArray();
    expect(removed).toHaveBeenCalledWith('abort', expect.any(Function));
  });
});
