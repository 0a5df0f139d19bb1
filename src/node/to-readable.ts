/** Turns an observable into a Node `Readable`. Decides when the `Readable` gets a value, and how it ends. `pull` queues the values. */
import { Readable } from 'node:stream';
import type { Observable } from 'rxjs';
import { StatisticsError } from '../index.js';
import { onAbort } from '../consumer/abort.js';
import { readConsumerOptions, type ConsumerOptions } from '../consumer/options.js';
import { createPull } from '../consumer/pull.js';

/** Any value but `null` and `undefined`. */
type Carried = object | string | number | bigint | boolean | symbol;

/**
 * Turns an observable into a `Readable` in object mode.
 *
 * Subscribes at the first read, by `pipeline`, `pipe`, `for await`, `'data'` or `read()`. Values that arrive between reads wait under
 * `options.backPressure`: by default, the newest per statistic. The high water mark is 0, so no value grows old in the stream's own
 * buffer. After an hour without reads, a consumer gets the newest values, except for one value that it may have requested before. A
 * `Writable` behind it buffers the values that it has accepted; a small `highWaterMark` there keeps them fresh.
 *
 * Destroying it, a failing pipeline and aborting `options.signal` unsubscribe at once and drop the queued values. An abort destroys
 * it with the signal's `reason`. An error of the observable destroys it after the queued values were read. A `Readable` cannot carry
 * `null` or `undefined`, which destroy it with a `StatisticsError`: map them first.
 *
 * @throws StatisticsOptionError at once when an option is out of bounds.
 *
 * @example
 * await pipeline(toReadable(statistic$('Current_In_Queue', sales)), toNdjson(), process.stdout);
 */
export function toReadable<T extends Carried>(observable: Observable<T>, options: ConsumerOptions<NoInfer<T>> = {}): Readable {
  const checked = readConsumerOptions<T>(observable, options);
  const pull = createPull(observable, checked, deliver);
  let wanted = false;
  let release = (): void => undefined;

  const readable = new Readable({
    objectMode: true,
    highWaterMark: 0,
    read() {
      wanted = true;
      pull.start();
      deliver();
    },
    destroy(error, callback) {
      wanted = false;
      release();
      pull.stop(undefined, readable.readableLength);
      callback(error);
    },
  });

  // Delivers one value, or the end, per request of the stream. An earlier end would drop a value that was pushed but not yet read.
  function deliver(): void {
    const taken = wanted ? pull.take() : undefined;
    if (taken === undefined) {
      return;
    }
    wanted = false; // comes before `push`, which may run the consumer, which may ask again
    if (taken.kind === 'C') {
      readable.push(null);
    } else if (taken.kind === 'E') {
      readable.destroy(taken.error as Error);
    } else if (isAbsent(taken.value)) {
      readable.destroy(new StatisticsError('toReadable cannot carry null or undefined: map it to something else first'));
    } else {
      readable.push(taken.value);
    }
  }

  release = onAbort(checked.signal, (reason) => readable.destroy(reason as Error));
  return readable;
}

/** Checked at run time, because programs in JavaScript can pass what the types exclude. */
function isAbsent(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}
