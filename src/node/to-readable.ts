/** A stream as a Node `Readable`. Owns the demand of the one and the ways it can end; queueing is not its business. */
import { Readable } from 'node:stream';
import type { Observable } from 'rxjs';
import { StatisticsError } from '../index.js';
import { onAbort } from '../consumer/abort.js';
import { readConsumerOptions, type ConsumerOptions } from '../consumer/options.js';
import { createPull } from '../consumer/pull.js';

/** Anything but `null` and `undefined`. */
type Carried = object | string | number | bigint | boolean | symbol;

/**
 * An observable as a `Readable` in object mode.
 *
 * Subscribes when it is first read from, however that is done: `pipeline`, `pipe`, `for await`, `'data'`, `read()`.
 * Values that nobody asked for yet wait under `options.backPressure`, by default the newest per statistic. The high
 * water mark is 0: nothing is prefetched into the stream's own buffer, where it would grow old, so a consumer that did
 * not read for an hour gets the newest values (after the one value, if any, that it had asked for and not fetched).
 * A `Writable` behind it buffers what it has accepted; a small `highWaterMark` there keeps that fresh.
 *
 * Destroying it, a failing pipeline and aborting `options.signal` unsubscribe at once and drop what was queued; an abort
 * destroys it with the signal's `reason`. An error of the observable destroys it after what was queued was read. A
 * `Readable` has no way to carry `null` or `undefined`: map them first, as they destroy it with a `StatisticsError`.
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

  // One push per demand, the end too: destroying earlier would drop a value that was pushed and not yet fetched.
  function deliver(): void {
    const taken = wanted ? pull.take() : undefined;
    if (taken === undefined) {
      return;
    }
    wanted = false; // first: `push` may run the consumer, which may ask again
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

/** Programs without types can pass what the types rule out. */
function isAbsent(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}
