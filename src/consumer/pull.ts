/**
 * A subscription that is pulled from: values wait in a queue until they are asked for, and the end waits behind them. Async
 * iterators and Node streams share it; it must not know which of them asks.
 */
import { Subject, takeUntil, type Observable, type ObservableNotification } from 'rxjs';
import { ConsumerQueue, type BackPressure } from './queue.js';

/** How a stream ends. */
type End = Exclude<ObservableNotification<never>, { readonly kind: 'N' }>;

/** A subscription that is pulled from. */
interface Pull<T> {
  /** Subscribes at the first call; later calls do nothing. */
  start(): void;
  /** The next value or the end, or `undefined` while there is neither. After the end it is always a completion. */
  take(): ObservableNotification<T> | undefined;
  /** Unsubscribes at once and drops what was queued, so that `end` comes next. */
  stop(end?: End): void;
}

const completed: End = { kind: 'C' };

/** @param arrived - called whenever there is something to take; it may take it at once. */
export function createPull<T>(observable: Observable<T>, backPressure: BackPressure, arrived: () => void): Pull<T> {
  const queue = new ConsumerQueue<T>(backPressure);
  const stopped = new Subject<void>(); // works during `subscribe`, too, before there is a subscription
  let started = false;
  let end: End | undefined;

  const finish = (how: End): void => {
    end ??= how; // after `stop`, whatever the source still says is ignored
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
          queue.push(value);
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
    stop(how = completed) {
      end = how;
      queue.clear();
      stopped.next();
      arrived();
    },
  };
}
