/**
 * The one seam to time: now, timers and chance. Everything that waits does it through here, so that tests can drive it.
 * Timers are looked up at each call, so fake timers of a test framework work; they hold the process (G13).
 */

/** Stops a timer; harmless once it has fired. */
export type Cancel = () => void;

export interface Clock {
  /** Milliseconds that only ever grow; for schedules. */
  monotonic(): number;
  /** Epoch milliseconds; for what a user is shown. */
  now(): number;
  /** Calls back once, after `delay` clamped to what a timer can hold (G4). */
  after(delay: number, callback: () => void): Cancel;
  /** At least 0, below 1. */
  random(): number;
}

/** The longest delay a timer can hold; anything above fires at once. */
export const maxDelay = 2 ** 31 - 1;

export function createSystemClock(): Clock {
  /**
   * A timer that has fired proves that its time has come. `performance.now()` may say otherwise: fake timers seldom fake
   * it, and on some machines it stands still while they sleep. Whoever then waits for the rest would wait for ever.
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

/** A delay that a timer takes as it is: 1 to {@link maxDelay}. */
export function clampDelay(delay: number): number {
  return Number.isNaN(delay) ? 1 : Math.min(maxDelay, Math.max(1, Math.ceil(delay)));
}
