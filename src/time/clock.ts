/**
 * The one seam to time: now, timers and chance. Everything that waits goes through it, so that tests can drive it.
 * Timers are looked up at each call, so a test framework's fake timers work. They keep the process alive (G13).
 */

/** Stops a timer; harmless once it has fired. */
export type Cancel = () => void;

export interface Clock {
  /** Milliseconds that never decrease; for schedules. */
  monotonic(): number;
  /** Epoch milliseconds; for what a user is shown. */
  now(): number;
  /** Calls back once, after `delay` clamped to what a timer can hold (G4). */
  after(delay: number, callback: () => void): Cancel;
  /** At least 0, below 1. */
  random(): number;
}

/** The longest delay a timer can hold; a longer one would fire at once. */
export const maxDelay = 2 ** 31 - 1;

export function createSystemClock(): Clock {
  /**
   * A timer that has fired proves that its time has come. `performance.now()` may disagree: fake timers seldom fake it,
   * and on some machines it stops during sleep. A caller that then waited for the rest would wait for ever.
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

/** Clamps a delay to what a timer takes: 1 to {@link maxDelay}. */
export function clampDelay(delay: number): number {
  return Number.isNaN(delay) ? 1 : Math.min(maxDelay, Math.max(1, Math.ceil(delay)));
}
