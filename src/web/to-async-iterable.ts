/** Turns an observable into an async iterable. Owns the order of concurrent `next` calls. `pull` queues the values. */
import type { Observable } from 'rxjs';
import { onAbort } from '../consumer/abort.js';
import { readConsumerOptions, type CheckedOptions, type ConsumerOptions } from '../consumer/options.js';
import { createPull } from '../consumer/pull.js';
import type { StatisticsClient } from '../index.js';

/** The result of `toAsyncIterable`. Each iteration subscribes anew. */
export interface ConsumerIterable<T> extends AsyncIterable<T> {
  /** Starts an iteration, which subscribes at its first `next()`. */
  [Symbol.asyncIterator](): ConsumerIterator<T>;
}

/** One iteration, with all members of an async generator. */
export interface ConsumerIterator<T> {
  /** Resolves with the next value as soon as there is one. Rejects with an error of the observable. */
  next(): Promise<IteratorResult<T, undefined>>;
  /** Unsubscribes at once. Resolves with `value`, after awaiting it if it is a promise. */
  return<R = undefined>(value?: R | PromiseLike<R>): Promise<IteratorReturnResult<R>>;
  /** Unsubscribes at once; rejects with `error`. */
  throw(error?: unknown): Promise<IteratorReturnResult<undefined>>;
  /** The iterator itself, so that a loop can go on where another one, or `next()`, stopped. */
  [Symbol.asyncIterator](): ConsumerIterator<T>;
  /** The same as `return()`. */
  // Takes the client's type, because its module declares the symbol for programs whose `lib` lacks it.
  readonly [Symbol.asyncDispose]: StatisticsClient[typeof Symbol.asyncDispose];
}

/**
 * Turns an observable into an async iterable.
 *
 * Each iteration subscribes anew, at its first `next()`. Between two `next()` calls values wait under
 * `options.backPressure`: by default the newest value per statistic, so a slow loop sees fewer values, not older ones.
 * Concurrent `next()` calls are answered in order.
 *
 * `break`, `return` and `throw` in the loop, the iterator's own `return()` and `throw()`, and the end of an `await using`
 * unsubscribe at once. An error of the observable is thrown after the values that were queued before it. Aborting
 * `options.signal` unsubscribes at once, drops the queued values and throws the signal's `reason`.
 *
 * @throws StatisticsOptionError at once when an option is out of bounds.
 *
 * @example
 * for await (const { objectId, value } of toAsyncIterable(statistic$('CurrentAgentState', kim))) {
 *   await store(objectId, value); // values that come meanwhile conflate to the newest
 * }
 */
export function toAsyncIterable<T>(observable: Observable<T>, options: ConsumerOptions<NoInfer<T>> = {}): ConsumerIterable<T> {
  const checked = readConsumerOptions<T>(observable, options);
  return { [Symbol.asyncIterator]: () => iterate(observable, checked) };
}

interface Waiting<T> {
  readonly resolve: (result: IteratorResult<T, undefined>) => void;
  readonly reject: (reason: unknown) => void;
}

function iterate<T>(observable: Observable<T>, options: CheckedOptions<T>): ConsumerIterator<T> {
  const waiting: Waiting<T>[] = [];
  const pull = createPull(observable, options, deliver);
  let begun = false;
  let release = (): void => undefined;

  function deliver(): void {
    for (let first = waiting[0]; first !== undefined; first = waiting[0]) {
      const taken = pull.take();
      if (taken === undefined) {
        return;
      }
      waiting.shift();
      if (taken.kind === 'N') {
        first.resolve({ done: false, value: taken.value });
        continue;
      }
      release();
      if (taken.kind === 'E') {
        first.reject(taken.error);
      } else {
        first.resolve({ done: true, value: undefined });
      }
    }
  }

  function leave(): void {
    begun = true;
    release();
    pull.stop();
  }

  const iterator: ConsumerIterator<T> = {
    next() {
      const promise = new Promise<IteratorResult<T, undefined>>((resolve, reject) => {
        waiting.push({ resolve, reject });
      });
      if (!begun) {
        begun = true;
        release = onAbort(options.signal, (error) => pull.stop({ kind: 'E', error }));
        pull.start();
      }
      deliver();
      return promise;
    },
    async return<R>(value?: R | PromiseLike<R>) {
      leave();
      return { done: true, value: (await value) as R };
    },
    throw(error: Error) {
      leave();
      return Promise.reject(error);
    },
    [Symbol.asyncIterator]: () => iterator,
    async [Symbol.asyncDispose]() {
      await iterator.return();
    },
  };
  return iterator;
}
