/** Turns an observable into a `ReadableStream`. Decides when the stream gets a chunk, and how it ends. `pull` queues the values. */
import type { Observable } from 'rxjs';
import { onAbort } from '../consumer/abort.js';
import { readConsumerOptions, type ConsumerOptions } from '../consumer/options.js';
import { createPull } from '../consumer/pull.js';

/**
 * Turns an observable into a `ReadableStream`: for a `Response`, `pipeTo`, `pipeThrough`, `for await`, or a transfer to a worker.
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
  let controller!: ReadableStreamDefaultController<T>; // set by `start`, which the constructor calls
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

  // The end is delivered on demand too, because it follows the queued values.
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
    wanted = false; // comes first, so that nothing is delivered to the cancelled stream
    release();
    pull.stop();
  }

  release = onAbort(checked.signal, (reason) => {
    leave();
    controller.error(reason);
  });
  return stream;
}
