/** One timer that is set again and again: setting it stops what it was set to before. */
import { noop } from 'rxjs';
import type { FleetClock } from './clock.js';

export interface Timer {
  set(delay: number, act: () => void): void;
  stop(): void;
}

export function createTimer(clock: Pick<FleetClock, 'after'>): Timer {
  let stop = noop;
  return {
    set(delay, act) {
      stop();
      stop = clock.after(delay, act);
    },
    stop() {
      stop();
      stop = noop;
    },
  };
}
