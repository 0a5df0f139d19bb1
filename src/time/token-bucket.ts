/** How often something may happen that is worth doing but not at any price: so many at once, then one per period. */
import type { Clock } from './clock.js';

export interface TokenBucket {
  /** Takes one, if one is left. */
  take(): boolean;
  /** Milliseconds until there is one to take; 0 when there is. */
  wait(): number;
}

/**
 * @param atOnce - the most that can be saved up.
 * @param period - milliseconds in which one comes back.
 */
export function createTokenBucket(clock: Clock, atOnce: number, period: number): TokenBucket {
  let left = atOnce;
  let since = clock.monotonic();

  function refill(): void {
    const now = clock.monotonic();
    const periods = Math.floor((now - since) / period);
    left = Math.min(atOnce, left + periods);
    since = left === atOnce ? now : since + periods * period;
  }

  return {
    take() {
      refill();
      if (left === 0) {
        return false;
      }
      left--;
      return true;
    },
    wait() {
      refill();
      return left > 0 ? 0 : since + period - clock.monotonic();
    },
  };
}
