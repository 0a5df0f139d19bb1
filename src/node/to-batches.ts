/** Values to arrays of them, for a sink that takes many at once. Knows nothing of statistics. */
import { Transform } from 'node:stream';
import { asyncScheduler, type Subscription } from 'rxjs';
import { maxDelay, numberIn, objectWith } from '../checks/arguments.js';

/** Options of `toBatches`. */
export interface BatchOptions {
  /** The most values of a batch. A whole number from 1. */
  readonly size: number;
  /** Milliseconds that a batch waits to be full, from its first value on. 1 to 2^31-1. */
  readonly within: number;
}

/**
 * A `Transform` in object mode that takes values and gives arrays of them: `size` at a time, or fewer once the first of them
 * has waited for `within`. The rest comes at the end.
 *
 * While the sink is busy, the next batch goes on filling up; once it is full, no more is accepted, so that what is in front
 * can conflate or drop, and says so. It holds no more than one batch. An error, and destroying it, drop what it holds and
 * end its timer.
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
  /** Its time is over, though it is not full. */
  let isDue = false;
  let timer: Subscription | undefined;
  let wanted = false;
  /** Accepts the next value, which has no place in a full batch. */
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
    wanted = false; // first: `push` may run the sink, which may ask again
    const accept = acceptNext;
    acceptNext = undefined;
    batches.push(takeBatch());
    if (accept !== undefined) {
      process.nextTick(accept); // once the sink has the batch: until then Transform would hold the value back
    }
  }

  const batches = new Transform({
    objectMode: true,
    writableHighWaterMark: 1,
    readableHighWaterMark: 0, // a batch that is not asked for yet can still fill up
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
      // Transform's own accepts the value that was held back, if any.
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
