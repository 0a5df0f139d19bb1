/** Iterating over a stream: what a slow loop sees, and every way to stop. */
import { concat, finalize, from, NEVER, Observable, of, Subject, throwError } from 'rxjs';
import { describe, expect, it, vi } from 'vitest';
import type { StatisticValue } from '../../src/index.js';
import { toAsyncIterable, type ConsumerOptions } from '../../src/node/index.js';
import { settled, statistic } from '../support/values.js';

const iterate = <T>(observable: Observable<T>, options?: ConsumerOptions) => {
  const iterator = toAsyncIterable(observable, options)[Symbol.asyncIterator]();
  return { next: () => iterator.next(), return: () => iterator.return() };
};
const done = { done: true, value: undefined };
const value = <T>(given: T) => ({ done: false, value: given });

describe('toAsyncIterable', () => {
  it('subscribes at the first next, once per iteration', async () => {
    const subscribed = vi.fn();
    const source = new Observable<number>((subscriber) => {
      subscribed();
      subscriber.next(1);
      subscriber.complete();
    });
    const iterable = toAsyncIterable(source);
    const iterator = iterable[Symbol.asyncIterator]();
    expect(subscribed).not.toHaveBeenCalled();
    expect([await iterator.next(), await iterator.next(), await iterator.next()]).toEqual([value(1), done, done]);
    expect(subscribed).toHaveBeenCalledTimes(1);
    for await (const number of iterable) {
      expect(number).toBe(1);
    }
    expect(subscribed).toHaveBeenCalledTimes(2);
  });

  it('gives a slow loop the newest value per statistic', async () => {
    const source = new Subject<StatisticValue>();
    const seen: unknown[] = [];
    const loop = (async () => {
      for await (const { objectId, value } of toAsyncIterable(source)) {
        seen.push([objectId, value]);
        if (seen.length === 1) {
          // while the loop is busy
          for (const number of [2, 3]) {
            source.next(statistic('a', number));
            source.next(statistic('b', number));
          }
          source.complete();
        }
      }
    })();
    source.next(statistic('a', 1));
    await loop;
    expect(seen).toEqual([['a', 1], ['a', 3], ['b', 3]]);
  });

  it.each<[ConsumerOptions, number[]]>([
    [{}, [1, 9]],
    [{ backPressure: 'latest' }, [1, 9]],
    [{ backPressure: { buffer: 2 } }, [1, 8, 9]],
    [{ backPressure: 'all' }, [1, 2, 3, 4, 5, 6, 7, 8, 9]],
  ])('with %o gives %j of nine at once', async (options, expected) => {
    const seen: number[] = [];
    for await (const number of toAsyncIterable(from([1, 2, 3, 4, 5, 6, 7, 8, 9]), options)) {
      seen.push(number);
    }
    expect(seen).toEqual(expected);
  });

  it('passes null and undefined', async () => {
    const { next } = iterate(of(null, undefined), { backPressure: 'all' });
    expect([await next(), await next(), await next()]).toEqual([value(null), value(undefined), done]);
  });

  it('serves concurrent calls in order, the surplus with the end', async () => {
    const source = new Subject<number>();
    const { next } = iterate(source);
    const calls = Promise.all([next(), next(), next(), next()]);
    source.next(1);
    source.next(2);
    source.complete();
    expect(await calls).toEqual([value(1), value(2), done, done]);
  });

  it('throws an error after what was queued, once', async () => {
    const failure = new Error('lost');
    const { next } = iterate(concat(of(1, 2), throwError(() => failure)), { backPressure: 'all' });
    expect(await next()).toEqual(value(1));
    expect(await next()).toEqual(value(2));
    await expect(next()).rejects.toBe(failure);
    expect(await next()).toEqual(done);
  });

  it.each<[string, (source: Observable<number>) => Promise<unknown>]>([
    ['break', async (source) => {
      for await (const _ of toAsyncIterable(source)) {
        break;
      }
    }],
    ['a throw in the loop', async (source) => {
      for await (const number of toAsyncIterable(source)) {
        throw new Error(String(number));
      }
    }],
  ])('unsubscribes on %s', async (_, consume) => {
    const unsubscribed = vi.fn();
    await consume(concat(of(1), NEVER).pipe(finalize(unsubscribed))).catch(() => undefined);
    expect(unsubscribed).toHaveBeenCalledTimes(1);
  });

  it('ends waiting calls and unsubscribes at once on return', async () => {
    const source = new Subject<number>();
    const iterator = iterate(source);
    const waiting = [iterator.next(), iterator.next()];
    const returned = iterator.return();
    expect(source.observed).toBe(false);
    expect(await Promise.all([...waiting, returned, iterator.next()])).toEqual([done, done, done, done]);
  });

  it('never subscribes after return', async () => {
    const source = new Subject<number>();
    const iterator = iterate(source, { signal: AbortSignal.abort() });
    await iterator.return();
    expect(await iterator.next()).toEqual(done);
    expect(source.observed).toBe(false);
  });

  it('drops what was queued on return', async () => {
    const iterator = iterate(of(1, 2, 3), { backPressure: 'all' });
    await iterator.next();
    await iterator.return();
    expect(await iterator.next()).toEqual(done);
  });
});

describe('an iterator of toAsyncIterable', () => {
  it('is an iterable itself, so that a loop goes on where next stopped', async () => {
    const iterator = toAsyncIterable(of(1, 2, 3), { backPressure: 'all' })[Symbol.asyncIterator]();
    expect(iterator[Symbol.asyncIterator]()).toBe(iterator);
    expect(await iterator.next()).toEqual(value(1));
    const seen: number[] = [];
    for await (const number of iterator) {
      seen.push(number);
    }
    expect(seen).toEqual([2, 3]);
  });

  it.each<[string, unknown]>([['a value', 7], ['a promise of one', Promise.resolve(7)]])('returns %s', async (_, given) => {
    const source = new Subject<number>();
    const iterator = toAsyncIterable(source)[Symbol.asyncIterator]();
    const waiting = iterator.next();
    const returned = iterator.return(given);
    expect(source.observed).toBe(false);
    expect([await waiting, await returned, await iterator.next()]).toEqual([done, { done: true, value: 7 }, done]);
  });

  it('unsubscribes also when the returned promise fails', async () => {
    const source = new Subject<number>();
    const iterator = toAsyncIterable(source)[Symbol.asyncIterator]();
    const waiting = iterator.next();
    await expect(iterator.return(Promise.reject(new Error('no value')))).rejects.toThrow('no value');
    expect(await waiting).toEqual(done);
    expect(source.observed).toBe(false);
  });

  it.each(['before its first next', 'while it waits', 'after its end'])('throws what it is told to throw, %s, and is at its end', async (when) => {
    const source = new Subject<number>();
    const iterator = toAsyncIterable(source)[Symbol.asyncIterator]();
    const waiting = when === 'before its first next' ? undefined : iterator.next();
    if (when === 'after its end') {
      source.complete();
    }
    const failure = new Error('enough');
    const thrown = expect(iterator.throw(failure)).rejects.toBe(failure);
    expect(source.observed).toBe(false);
    await thrown;
    expect([(await waiting) ?? done, await iterator.next()]).toEqual([done, done]);
    expect(source.observed).toBe(false);
  });

  it('is disposed of by await using', async () => {
    const source = new Subject<number>();
    {
      await using iterator = toAsyncIterable(source)[Symbol.asyncIterator]();
      const first = iterator.next();
      source.next(1);
      expect([await first, source.observed]).toEqual([value(1), true]);
    }
    expect(source.observed).toBe(false);
  });

  it('is delegated to by a generator, which ends it when it ends itself', async () => {
    const source = new Subject<number>();
    async function* doubled(): AsyncGenerator<number> {
      for await (const number of toAsyncIterable(source)) {
        yield number * 2;
      }
    }
    const generator = doubled();
    const first = generator.next();
    await settled();
    source.next(21);
    expect(await first).toEqual(value(42));
    await generator.return(undefined);
    expect(source.observed).toBe(false);
  });
});

describe('toAsyncIterable with a signal', () => {
  it('rejects the first waiting call with the reason and ends the others', async () => {
    const source = new Subject<number>();
    const controller = new AbortController();
    const { next } = iterate(source, { signal: controller.signal });
    const waiting = Promise.allSettled([next(), next()]);
    controller.abort('enough');
    expect(source.observed).toBe(false);
    expect(await waiting).toEqual([
      { status: 'rejected', reason: 'enough' },
      { status: 'fulfilled', value: done },
    ]);
  });

  it('drops what was queued', async () => {
    const controller = new AbortController();
    const { next } = iterate(of(1, 2, 3), { signal: controller.signal, backPressure: 'all' });
    await next();
    controller.abort();
    await expect(next()).rejects.toBe(controller.signal.reason);
    expect(await next()).toEqual(done);
  });

  it('does not subscribe when it is aborted before', async () => {
    const subscribed = vi.fn();
    const { next } = iterate(new Observable(subscribed), { signal: AbortSignal.abort('before') });
    await expect(next()).rejects.toBe('before');
    expect(subscribed).not.toHaveBeenCalled();
  });

  it('unsubscribes when it is aborted from within subscribe', async () => {
    const controller = new AbortController();
    const unsubscribed = vi.fn();
    const source = new Observable<number>((subscriber) => {
      controller.abort('now');
      expect(subscriber.closed).toBe(true);
      return unsubscribed;
    });
    await expect(iterate(source, { signal: controller.signal }).next()).rejects.toBe('now');
    expect(unsubscribed).toHaveBeenCalledTimes(1);
  });

  it.each<[string, (iterator: ReturnType<typeof iterate>) => unknown]>([
    ['the end', ({ next }) => Promise.all([next(), next()])],
    ['return', (iterator) => Promise.all([iterator.next(), iterator.return()])],
  ])('does not listen to it after %s', async (_, finish) => {
    const { signal } = new AbortController();
    const removed = vi.spyOn(signal, 'removeEventListener');
    await finish(iterate(of(1), { signal }));
    await settled();
    expect(removed).toHaveBeenCalled();
  });
});
