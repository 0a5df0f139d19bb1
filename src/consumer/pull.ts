/**
 * One subscription turned round: values wait in a queue until they are asked for, and the end waits behind them. Must
 * not know who asks; it is the half that async iterators, Node streams and web streams have in common.
 */
import { Subject, takeUntil, type Observable, type ObservableNotification } from 'rxjs';
import { createLosses } from './losses.js';
import type { CheckedOptions } from './options.js';
import { ConsumerQueue } from './queue.js';

/** How a stream ends. */
type End = Exclude<ObservableNotification<never>, { readonly kind: 'N' }>;

/** A subscription that is pulled from. */
interface Pull<T> {
  /** Subscribes at the first call; later calls do nothing. */
  start(): void;
  /** The next value or the end, or `undefined` while there is neither. After the end it is always a completion. */
  take(): ObservableNotification<T> | undefined;
  /** Unsubscribes at once and drops what was queued: the next thing is `end`. Of what was taken, `unread` never got to the consumer. */
  stop(end?: End, unread?: number): void;
}

const completed: End = { kind: 'C' };

/** @param arrived - called after something came that `take` will give; it may take it right there. */
export function createPull<T>(
  observable: Observable<T>,
  { backPressure, onDrop }: Pick<CheckedOptions<T>, 'backPressure' | 'onDrop'>,
  arrived: () => void,
): Pull<T> {
  const queue = new ConsumerQueue<T>(backPressure);
  const losses = createLosses(onDrop);
  const stopped = new Subject<void>(); // works from within `subscribe` too, where no subscription is at hand yet
  let started = false;
  let end: End | undefined;

  const finish = (how: End): void => {
    end ??= how; // an end by `stop` came first: what it makes the source say is no news
    losses.end();
    arrived();
  };

  const stop = (how: End = completed, unread = 0): void => {
    end = how;
    losses.add(queue.size + unread);
    queue.clear();
    stopped.next();
    losses.end();
    arrived();
  };

  return {
    start() {
      if (started || end !== undefined) {
        return;
      }
      started = true;
      observable.pipe(takeUntil(stopped)).subscribe({
        next: (value) => {
          try {
            losses.add(queue.push(value));
          } catch (error) {
            stop({ kind: 'E', error }, 1); // the value itself
            return;
          }
          arrived();
        },
        error: (error: unknown) => finish({ kind: 'E', error }),
        complete: () => finish(completed),
      });
    },
    take() {
      if (queue.size > 0) {
        return { kind: 'N', value: queue.shift() };
      }
      const last = end;
      end &&= completed; // an error is reported once
      return last;
    },
    stop,
  };
}
