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

export const systemClock: Clock = {
  monotonic: () => performance.now(),
  now: () => Date.now(),
  after(delay, callback) {
    const timer = setTimeout(callback, clampDelay(delay));
    return () => clearTimeout(timer);
  },
  random: () => Math.random(),
};

/** A delay that a timer takes as it is: 1 to {@link maxDelay}. */
export function clampDelay(delay: number): number {
  return Number.isNaN(delay) ? 1 : Math.min(maxDelay, Math.max(1, Math.ceil(delay)));
}
