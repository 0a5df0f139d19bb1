/**
 * Simulated time. Owns the two ways it passes: by itself, or by hand. Knows nothing of what depends on it.
 */
import { wrong } from './checks.js';

/** Tells the simulated time, in epoch ms. */
export interface SimulatedClock {
  now(): number;
  /** Moves on by this number of milliseconds. With the real clock that comes on top of what passes by itself. */
  advance(ms: number): void;
}

/** A clock that stands at `startAt` (epoch ms) and runs at `speed` simulated ms per real one; 0 stands still. */
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
