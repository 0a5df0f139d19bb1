/** The waits of one worker, one at a time. A wake-up ends the present wait, and a signal ends all. */
import type { Clock } from './clock.js';
import { sleep, type Sleep } from './sleep.js';

export interface Pause {
  /** Waits `delay` milliseconds, or until a wake-up; resolves `false` when the signal ended the wait. */
  wait(delay: number): Promise<boolean>;
  /** Ends the present wait, if there is one. It has no effect on later waits. */
  wake(): void;
}

export function createPause(clock: Clock, signal: AbortSignal): Pause {
  let current: Sleep | undefined;
  const wake = (): void => current?.wake();
  signal.addEventListener('abort', wake, { once: true });

  return {
    async wait(delay) {
      if (delay > 0 && !signal.aborted) {
        current = sleep(clock, delay);
        await current.done;
        current = undefined;
      }
      return !signal.aborted;
    },
    wake,
  };
}
