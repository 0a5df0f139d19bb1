/** The waits of one worker: one at a time, cut short by a wake-up, ended by a signal. */
import type { Clock } from './clock.js';
import { sleep, type Sleep } from './sleep.js';

export interface Pause {
  /**
   * Waits `delay` milliseconds, of which no wake-up shortens the first `atLeast`.
   *
   * @returns false when the signal ended it.
   */
  rest(delay: number, atLeast?: number): Promise<boolean>;
  /** Ends the wait as far as it may be shortened; tells whether there was one. */
  wake(): boolean;
}

export function createPause(clock: Clock, signal: AbortSignal): Pause {
  let current: Sleep | undefined;
  let awake = false;
  let firm = false;
  signal.addEventListener('abort', () => current?.wake(), { once: true });

  const isAwake = (): boolean => awake;

  async function wait(delay: number): Promise<void> {
    if (!signal.aborted) {
      current = sleep(clock, delay);
      await current.done;
      current = undefined;
    }
  }

  return {
    async rest(delay, atLeast = 0) {
      awake = false;
      if (atLeast > 0) {
        firm = true;
        await wait(atLeast);
        firm = false;
      }
      if (!isAwake() && delay > atLeast) {
        await wait(delay - atLeast);
      }
      return !signal.aborted;
    },
    wake() {
      awake = true;
      if (!firm) {
        current?.wake();
      }
      return current !== undefined;
    },
  };
}
