/** Limits how often a costly action happens: `capacity` times at once, then once per period. */
import type { Clock } from './clock.js';

export interface TokenBucket {
  /** Takes a token if there is one. Returns whether it did. */
  tryTake(): boolean;
  /** Milliseconds until there is a token; 0 if there is one now. */
  timeUntilNext(): number;
}

/**
 * @param capacity - the most tokens that can be saved up.
 * @param period - milliseconds in which one token comes back.
 */
export function createTokenBucket(clock: Clock, capacity: number, period: number): TokenBucket {
  let tokens = capacity;
  let since = clock.monotonic();

  function refill(): void {
    const now = clock.monotonic();
    const periods = Math.floor((now - since) / period);
    tokens = Math.min(capacity, tokens + periods);
    since = tokens === capacity ? now : since + periods * period;
  }

  return {
    tryTake() {
      refill();
      if (tokens === 0) {
        return false;
      }
      tokens--;
      return true;
    },
    timeUntilNext() {
      refill();
      return tokens > 0 ? 0 : since + period - clock.monotonic();
    },
  };
}
