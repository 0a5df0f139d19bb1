/** A stream as a `ReadableStream` of the web. Owns the demand of the one and the ways it can end; queueing is not its business. */
import type { Observable } from 'rxjs';
import { onAbort } from '../consumer/abort.js';
import { readConsumerOptions, type ConsumerOptions } from '../consumer/options.js';
import { createPull } from '../consumer/pull.js';

/**
 * An observable as a `ReadableStream`: for a `Response`, `pipeTo`, `pipeThrough`, `for await`, or a transfer to a worker.
 *
 * Subscribes when it is first read from. Values that nobody asked for yet wait under `options.backPressure`, by default the
 * newest per statistic. The high water mark is 0: nothing is prefetched into the stream's own queue, where it would grow
 * old. What a `WritableStream` behind it has accepted is that stream's own.
 *
 * Cancelling it, a failing pipe and aborting `options.signal` unsubscribe at once and drop what was queued; an abort
 * errors it with the signal's `reason`. An error of the observable errors it after what was queued was read.
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

  // The end comes on demand too, since it stands behind what is queued.
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
