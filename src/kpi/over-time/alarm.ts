/** A timer that ends with its subscriber. Does not know what it is for. */
import type { SchedulerLike, Subscriber, Subscription } from 'rxjs';
import { maxDelay } from '../../checks/arguments.js';

export interface Alarm {
  /** Runs `work` after `delay`, and cancels what was set before. After a long delay, `work` may run early, so it must check the time. */
  set(delay: number, work: () => void): void;
  clear(): void;
}

export function createAlarm(scheduler: SchedulerLike, subscriber: Subscriber<unknown>): Alarm {
  let timer: Subscription | undefined;
  const clear = (): void => timer?.unsubscribe();
  subscriber.add(clear);
  return {
    clear,
    set(delay, work) {
      clear();
      // A subscriber that unsubscribed while it was notified must not leave a timer behind.
      if (!subscriber.closed) {
        timer = scheduler.schedule(work, Math.min(Math.max(delay, 0), maxDelay));
      }
    },
  };
}
