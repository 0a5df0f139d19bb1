/** Limits how often something costly happens: a burst of `capacity` tokens, then one token per period. */
import type { Clock } from './clock.js';

export interface TokenBucket {
  /** Takes a token, if there is one. */
  tryTake(): boolean;
  /** Milliseconds until there is a token; 0 when there is one now. */
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
