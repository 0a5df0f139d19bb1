/** A stream for `for await`. Owns the order of concurrent `next` calls; queueing is not its business. */
import type { Observable } from 'rxjs';
import { onAbort } from './abort.js';
import { readConsumerOptions, type CheckedOptions, type ConsumerOptions } from './options.js';
import { createPull } from './pull.js';

/**
 * An observable as an async iterable.
 *
 * Each iteration subscribes anew, at its first `next()`. Between two `next()` calls values wait under
 * `options.backPressure`: by default the newest value per statistic, so a slow loop sees fewer values, not older ones.
 * Concurrent `next()` calls are answered in order.
 *
 * `break`, `return` and `throw` in the loop, or the iterator's `return()`, unsubscribe at once. An error of the
 * observable is thrown after what was queued before it. Aborting `options.signal` unsubscribes at once, drops what was
 * queued and throws the signal's `reason`.
 *
 * @throws StatisticsOptionError at once when an option is out of bounds.
 *
 * @example
 * for await (const { objectId, value } of toAsyncIterable(statistic$('CurrentAgentState', kim))) {
 *   await store(objectId, value); // values that come meanwhile conflate to the newest
 * }
 */
export function toAsyncIterable<T>(observable: Observable<T>, options: ConsumerOptions = {}): AsyncIterable<T> {
  const checked = readConsumerOptions(observable, options);
  return { [Symbol.asyncIterator]: () => iterate(observable, checked) };
}

interface Waiting<T> {
  readonly resolve: (result: IteratorResult<T, undefined>) => void;
  readonly reject: (reason: unknown) => void;
}

function iterate<T>(observable: Observable<T>, { backPressure, signal }: CheckedOptions): AsyncIterator<T, undefined> {
  const waiting: Waiting<T>[] = [];
  const pull = createPull(observable, backPressure, deliver);
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

  return {
    next() {
      const promise = new Promise<IteratorResult<T, undefined>>((resolve, reject) => {
        waiting.push({ resolve, reject });
      });
      if (!begun) {
        begun = true;
        release = onAbort(signal, (error) => pull.stop({ kind: 'E', error }));
        pull.start();
      }
      deliver();
      return promise;
    },
    return() {
      begun = true;
      release();
      pull.stop();
      return Promise.resolve({ done: true, value: undefined });
    },
  };
}
