/**
 * Turns a subscription, which pushes values, into one that is pulled from. Values wait in a queue until the consumer asks for them,
 * and the end of the stream waits behind them. Async iterators, Node streams and web streams are built on it; it knows none of them.
 */
import { Subject, takeUntil, type Observable, type ObservableNotification } from 'rxjs';
import { createLosses } from './losses.js';
import type { CheckedOptions } from './options.js';
import { ConsumerQueue } from './queue.js';

/** How a stream ends. */
type End = Exclude<ObservableNotification<never>, { readonly kind: 'N' }>;

/** A subscription whose values are taken one by one. */
interface Pull<T> {
  /** Subscribes at the first call; later calls do nothing. */
  start(): void;
  /** Takes the next value, or the end if no value waits; `undefined` if neither has come. After the end, always returns a completion. */
  take(): ObservableNotification<T> | undefined;
  /**
   * Unsubscribes at once and drops the queued values, so that `take` returns `end` next. `unread`: the number of taken values that
   * never reached the consumer.
   */
  stop(end?: End, unread?: number): void;
}

const completed: End = { kind: 'C' };

/** @param arrived - called when `take` has something to return. It may call `take` itself. */
export function createPull<T>(
  observable: Observable<T>,
  { backPressure, onDrop }: Pick<CheckedOptions<T>, 'backPressure' | 'onDrop'>,
  arrived: () => void,
): Pull<T> {
  const queue = new ConsumerQueue<T>(backPressure);
  const losses = createLosses(onDrop);
  const stopped = new Subject<void>(); // also works during `subscribe`, before there is a subscription to unsubscribe from
  let started = false;
  let end: End | undefined;

  const finish = (how: End): void => {
    end ??= how; // if `stop` has set an end, the source's own end no longer matters
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
            stop({ kind: 'E', error }, 1); // the item that caused the error is lost as well
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
