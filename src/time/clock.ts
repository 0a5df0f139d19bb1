/**
 * The one interface to time and chance: now, timers, random numbers. All waits use it, so that tests can drive them. It looks
 * `setTimeout` up at each call, so that a test framework's fake timers work. Timers keep the process alive (G13).
 */

/** Stops a timer; harmless once it has fired. */
export type Cancel = () => void;

export interface Clock {
  /** Milliseconds from an arbitrary start, for schedules. Never decreases. */
  monotonic(): number;
  /** Epoch milliseconds, for times that a user sees. */
  now(): number;
  /** Calls back once, after `delay` milliseconds, clamped to the range of a timer (G4). */
  after(delay: number, callback: () => void): Cancel;
  /** At least 0, below 1. */
  random(): number;
}

/** The longest delay of a timer in milliseconds. A timer with a longer one would fire at once. */
export const maxDelay = 2 ** 31 - 1;

export function createSystemClock(): Clock {
  /**
   * The latest due time of a timer that has fired. `monotonic()` never returns less, although `performance.now()` may: fake timers
   * seldom fake it, and it stops on some machines while they sleep. Without this, a caller would wait again and again for the missing
   * time.
   */
  let proven = 0;
  const monotonic = (): number => Math.max(proven, performance.now());
  return {
    monotonic,
    now: () => Date.now(),
    after(delay, callback) {
      const due = monotonic() + clampDelay(delay);
      const timer = setTimeout(() => {
        proven = Math.max(proven, due);
        callback();
      }, clampDelay(delay));
      return () => clearTimeout(timer);
    },
    random: () => Math.random(),
  };
}

/** Clamps a delay to the range of a timer: 1 to {@link maxDelay}. */
export function clampDelay(delay: number): number {
  return Number.isNaN(delay) ? 1 : Math.min(maxDelay, Math.max(1, Math.ceil(delay)));
}
