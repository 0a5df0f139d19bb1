/** Turns an observable into a `ReadableStream`. Owns its demand and its possible ends; the queue belongs to `pull`. */
import type { Observable } from 'rxjs';
import { onAbort } from '../consumer/abort.js';
import { readConsumerOptions, type ConsumerOptions } from '../consumer/options.js';
import { createPull } from '../consumer/pull.js';

/**
 * An observable as a `ReadableStream`: for a `Response`, `pipeTo`, `pipeThrough`, `for await`, or a transfer to a worker.
 *
 * Subscribes at the first read. Values that arrive between reads wait under `options.backPressure`: by default, the newest
 * per statistic. The high water mark is 0, so no value grows old in the stream's own queue. A `WritableStream` behind it keeps
 * its own queue of values that it has accepted.
 *
 * Cancelling the stream, a failing pipe and aborting `options.signal` unsubscribe at once and drop the queued values. An abort
 * errors the stream with the signal's `reason`. An error of the observable errors it after the queued values were read.
 *
 * @throws StatisticsOptionError at once when an option is out of bounds.
 *
 * @example
 * await toWebStream(statistic$('Current_In_Queue', sales)).pipeTo(new WritableStream({ write: draw }));
 */
export function toWebStream<T>(observable: Observable<T>, options: ConsumerOptions<NoInfer<T>> = {}): ReadableStream<T> {
  const checked = readConsumerOptions<T>(observable, options);
  const pull = createPull(observable, checked, deliver);
  let controller!: ReadableStreamDefaultController<T>; // `start` is called by the constructor
  let wanted = false;
  let release = (): void => undefined;

  const stream = new ReadableStream<T>(
    {
      start(given) {
        controller = given;
      },
      pull() {
        wanted = true;
        pull.start();
        deliver();
      },
      cancel: leave,
    },
    { highWaterMark: 0 },
  );

  // The end comes on demand too, because it stands behind the queued values.
  function deliver(): void {
    const taken = wanted ? pull.take() : undefined;
    if (taken === undefined) {
      return;
    }
    wanted = false; // one chunk per demand
    if (taken.kind === 'N') {
      controller.enqueue(taken.value);
      return;
    }
    release();
    if (taken.kind === 'E') {
      controller.error(taken.error);
    } else {
      controller.close();
    }
  }

  function leave(): void {
    wanted = false; // first: there is nothing to deliver to any more
    release();
    pull.stop();
  }

  release = onAbort(checked.signal, (reason) => {
    leave();
    controller.error(reason);
  });
  return stream;
}
