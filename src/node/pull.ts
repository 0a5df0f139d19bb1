/**
 * One subscription turned round: values wait in a queue until they are asked for, and the end waits behind them. Must
 * not know who asks; it is the half that async iterators and Node streams have in common.
 */
import { Subject, takeUntil, type Observable, type ObservableNotification } from 'rxjs';
import { ConsumerQueue, type BackPressure } from './queue.js';

/** How a stream ends. */
type End = Exclude<ObservableNotification<never>, { readonly kind: 'N' }>;

/** A subscription that is pulled from. */
interface Pull<T> {
  /** Subscribes; from the second time on it does nothing. */
  start(): void;
  /** The next thing, or `undefined` while there is none. After the end: completed, again and again. */
  take(): ObservableNotification<T> | undefined;
  /** Unsubscribes at once and drops what was queued: the next thing is `end`. */
  stop(end?: End): void;
}

const completed: End = { kind: 'C' };

/** @param arrived - called after something came that `take` will give; it may take it right there. */
export function createPull<T>(observable: Observable<T>, backPressure: BackPressure, arrived: () => void): Pull<T> {
  const queue = new ConsumerQueue<T>(backPressure);
  const stopped = new Subject<void>(); // works from within `subscribe` too, where no subscription is at hand yet
  let started = false;
  let end: End | undefined;

  const finish = (how: End): void => {
    end ??= how; // an end by `stop` came first: what it makes the source say is no news
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
      end &&= completed; // an error is told once
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
