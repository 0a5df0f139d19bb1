/**
 * Upstreams that are shared: counted while used, kept for a while when not (linger), and the least recently used given
 * up first when too many idle. Owns when an upstream nobody needs ends; knows nothing of what it is.
 */
import { LRUCache } from 'lru-cache';
import type { Cancel, Clock } from '../time/clock.js';

export interface PoolOptions {
  /** Milliseconds that an upstream is kept with nobody using it. */
  readonly linger: number;
  /** The most that are kept so. */
  readonly maxIdle: number;
}

/** One shared thing. It starts out unused and not idle: the first user comes before it can linger. */
export interface Share {
  use(): void;
  /** One user less; with the last it begins to linger, or ends at once where nothing is left to come back to. */
  release(after?: 'linger' | 'at once'): void;
  /** Takes it out of the pool: it has ended, or is to end, otherwise. */
  drop(): void;
}

export interface Pool {
  /**
   * @param size - how many statistics it holds.
   * @param end - called once, when it is not used and its time is over.
   */
  add(size: number, end: () => void): Share;
}

export function createPool({ linger, maxIdle }: PoolOptions, clock: Clock, onEvict: (size: number) => void): Pool {
  // lru-cache takes no max of 0; its own ttl timers would not hold the process (G13), so lingering is timed here.
  const idle =
    maxIdle === 0
      ? undefined
      : new LRUCache<symbol, { readonly size: number; end(): void }>({
          max: maxIdle,
          disposeAfter({ size, end }, _, reason) {
            if (reason === 'evict') {
              onEvict(size);
              end();
            }
          },
        });

  return {
    add(size, end) {
      const key = Symbol('share');
      let users = 0;
      let over = false;
      let cancelLinger: Cancel | undefined;

      function settle(): void {
        cancelLinger?.();
        idle?.delete(key);
      }

      function endNow(): void {
        if (!over) {
          over = true;
          settle();
          end();
        }
      }

      return {
        use() {
          users++;
          if (users === 1) {
            settle();
          }
        },
        release(after = 'linger') {
          users--;
          if (users > 0 || over) {
            return;
          }
          if (after === 'at once' || linger === 0 || idle === undefined) {
            endNow();
            return;
          }
          cancelLinger = clock.after(linger, endNow);
          idle.set(key, { size, end: endNow });
        },
        drop() {
          over = true;
          settle();
        },
      };
    },
  };
}
