/**
 * Shared upstreams: users are counted, an upstream without users is kept for a while (linger), and the least recently used one
 * ends first when too many are idle. Owns the moment at which an unused upstream ends; does not know what an upstream is.
 */
import { createLruMap } from '#lru';
import type { Cancel, Clock } from '../time/clock.js';

export interface PoolOptions {
  /** Milliseconds for which an upstream without users is kept. */
  readonly linger: number;
  /** The most upstreams without users that are kept. */
  readonly maxIdle: number;
}

/** One shared upstream. It starts without users but does not linger yet, because its first user is still to come. */
export interface Share {
  use(): void;
  /** Removes one user. After the last one the upstream lingers, or ends at once if nobody can come back to it. */
  release(after?: 'linger' | 'at once'): void;
  /** Removes the upstream from the pool without calling `end`, because its owner ends it. */
  drop(): void;
}

export interface Pool {
  /**
   * @param size - number of statistics in the upstream.
   * @param end - called once, when the linger is over, or when the upstream is evicted.
   */
  add(size: number, end: () => void): Share;
}

export function createPool({ linger, maxIdle }: PoolOptions, clock: Clock, onEvict: (size: number) => void): Pool {
  /** Only counts: `clock` times the linger, since a cache's own timers would not keep the process alive until the DELETE (G13). */
  const idle =
    maxIdle === 0
      ? undefined
      : createLruMap<symbol, { readonly size: number; end(): void }>(maxIdle, ({ size, end }) => {
          onEvict(size);
          end();
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
