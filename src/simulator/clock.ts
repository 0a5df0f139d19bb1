/**
 * Simulated time, which passes by itself or by hand. Knows nothing of its users.
 */
import { wrong } from './checks.js';

/** Tells the simulated time, in epoch ms. */
export interface SimulatedClock {
  now(): number;
  /** Advances by this number of milliseconds. With the real clock, this adds to the time that passes by itself. */
  advance(ms: number): void;
}

/** Makes a clock that begins at `startAt` (epoch ms) and advances by `speed` simulated ms per real one. With 0 it stands still. */
export function createClock(startAt: number, speed: number): SimulatedClock {
  const begun = performance.now();
  let advanced = 0;
  return {
    now: () => Math.floor(startAt + advanced + (performance.now() - begun) * speed),
    advance(ms) {
      if (!Number.isFinite(ms) || ms < 0) throw wrong('advance(ms)', ms, 'a number of milliseconds, 0 or more');
      advanced += ms;
    },
  };
}
