/**
 * The one seam of the fleet entries to time: leases, staleness and retries go through it, so that tests can drive them.
 * Leases are measured by monotonic time alone, so a wall clock that jumps moves no leadership (F186).
 */

/** The longest delay that a timer can hold, in milliseconds. */
export const maxDelay = 2 ** 31 - 1;

export interface FleetClock {
  /** Milliseconds that never decrease. */
  monotonic(): number;
  /** Epoch milliseconds. */
  now(): number;
  /** Calls back once, after `delay` milliseconds. Returns what stops it; harmless once it has fired. */
  after(delay: number, callback: () => void): () => void;
  /** At least 0, below 1. */
  random(): number;
}

export const systemClock: FleetClock = Object.freeze({
  monotonic: () => performance.now(),
  now: () => Date.now(),
  after(delay: number, callback: () => void) {
    const timer = setTimeout(callback, Math.min(maxDelay, Math.max(1, Math.ceil(delay))));
    return () => clearTimeout(timer);
  },
  random: () => Math.random(),
});
