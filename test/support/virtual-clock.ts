/** A clock that stands still until a test moves it: timers fire in order of their time, and promises settle in between. */
import { AsyncResource } from 'node:async_hooks';
import { maxDelay, type Cancel, type Clock } from '../../src/time/clock.js';

export interface VirtualClock extends Clock {
  /** Lets `milliseconds` pass, timer by timer. */
  advance(milliseconds: number): Promise<void>;
  /** Fires the next timer if it is due by `until`; otherwise moves the time to `until`. Returns whether a timer fired. Settles no promises. */
  fire(until: number): boolean;
  /** Lets `milliseconds` pass without a timer firing, like a machine that is suspended. */
  sleep(milliseconds: number): void;
  /** Moves only the wall clock, as a user or a time server does. */
  jump(milliseconds: number): void;
  /** The delays with which the waiting timers were set. */
  readonly pending: readonly number[];
  /** The results of `random()`. */
  chance: number;
}

// The client loads its cookie jar with the first request; that must not take real time in the middle of virtual time.
await import('tough-cookie');

interface Timer {
  readonly due: number;
  readonly delay: number;
  /** Runs in the async context that the timer was set in, as with the platform's timers. */
  readonly fire: () => void;
}

/** Lets all code run that waits for promises only. It runs before the next turn of the event loop. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

export function createVirtualClock(start = 1_800_000_000_000): VirtualClock {
  const timers = new Set<Timer>();
  let time = 0;
  let wall = start;
  return {
    chance: 0.5,
    monotonic: () => time,
    now: () => wall + time,
    random(): number {
      return this.chance;
    },
    after(delay, callback): Cancel {
      const context = new AsyncResource('timer');
      const timer = { due: time + Math.min(maxDelay, Math.max(1, delay)), delay, fire: () => context.runInAsyncScope(callback) };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    get pending() {
      return [...timers].map(({ delay }) => delay);
    },
    sleep(milliseconds) {
      time += milliseconds;
    },
    jump(milliseconds) {
      wall += milliseconds;
    },
    fire(until) {
      const next = firstOf(timers);
      if (next === undefined || next.due > until) {
        time = Math.max(time, until);
        return false;
      }
      timers.delete(next);
      time = Math.max(time, next.due);
      next.fire();
      return true;
    },
    async advance(milliseconds) {
      const end = time + milliseconds;
      do {
        await settle();
      } while (this.fire(end));
    },
  };
}

/** The timer that is due first; of equal ones, the one that was set first. */
function firstOf(timers: ReadonlySet<Timer>): Timer | undefined {
  let first: Timer | undefined;
  for (const timer of timers) {
    if (first === undefined || timer.due < first.due) {
      first = timer;
    }
  }
  return first;
}
