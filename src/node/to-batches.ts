/** Collects values into arrays, for a sink that takes many at once. Knows nothing of statistics. */
import { Transform } from 'node:stream';
import { asyncScheduler, type Subscription } from 'rxjs';
import { maxDelay, numberIn, objectWith } from '../checks/arguments.js';

/** Options of `toBatches`. */
export interface BatchOptions {
  /** The most values in a batch. A whole number from 1. */
  readonly size: number;
  /** The longest wait for a batch to fill, in milliseconds from its first value. 1 to 2^31-1. */
  readonly within: number;
}

/**
 * A `Transform` in object mode that collects values into arrays: `size` at a time, or fewer once the first one has waited for
 * `within`. The remaining values follow at the end.
 *
 * While the sink is busy, the next batch fills up. A full batch accepts no more, so that the stream in front conflates or
 * drops values and reports it. At most one batch is held. An error, or destroying the transform, drops the batch and ends its
 * timer.
 *
 * @throws StatisticsOptionError at once when an option is out of bounds.
 *
 * @example
 * const rows = new Writable({ objectMode: true, highWaterMark: 1, write: (batch, _, done) => insert(batch).then(() => done(), done) });
 * await pipeline(toReadable(values$, { backPressure: { buffer: 10_000 }, onDrop }), toBatches({ size: 500, within: 1000 }), rows);
 */
export function toBatches(options: BatchOptions): Transform {
  const { size, within } = readBatchOptions(options);
  let batch: unknown[] = [];
  /** The time of the batch is over, although it is not full. */
  let isDue = false;
  let timer: Subscription | undefined;
  let wanted = false;
  /** Asks for the next value, which was held back because the batch was full. */
  let acceptNext: (() => void) | undefined;

  function startTimer(): void {
    timer = asyncScheduler.schedule(() => {
      isDue = true;
      deliver();
    }, within);
  }

  function takeBatch(): unknown[] {
    timer?.unsubscribe();
    isDue = false;
    const taken = batch;
    batch = [];
    return taken;
  }

  function deliver(): void {
    if (!wanted || !(isDue || batch.length === size)) {
      return;
    }
    wanted = false; // comes before `push`, which may run the sink, which may ask again
    const accept = acceptNext;
    acceptNext = undefined;
    batches.push(takeBatch());
    if (accept !== undefined) {
      process.nextTick(accept); // only after the sink has the batch, because Transform holds the value back until then
    }
  }

  const batches = new Transform({
    objectMode: true,
    writableHighWaterMark: 1,
    readableHighWaterMark: 0, // nothing is read ahead, so that a batch can fill up until it is asked for
    transform(value: unknown, _, callback) {
      batch.push(value);
      if (batch.length === 1) {
        startTimer();
      }
      if (batch.length < size) {
        callback();
      } else {
        acceptNext = callback;
        deliver();
      }
    },
    read() {
      // The inherited method accepts a value that was held back.
      Transform.prototype._read.call(batches, 0);
      wanted = true;
      deliver();
    },
    flush(callback) {
      const rest = takeBatch();
      if (rest.length > 0) {
        batches.push(rest);
      }
      callback();
    },
    destroy(error, callback) {
      takeBatch();
      callback(error);
    },
  });
  return batches;
}

function readBatchOptions(options: unknown): BatchOptions {
  const { size, within } = objectWith('options', options, ['size', 'within']);
  return {
    size: numberIn('size', size, { least: 1, most: Number.MAX_SAFE_INTEGER, whole: true }),
    within: numberIn('within', within, { least: 1, most: maxDelay }),
  };
}
