/** Turns values stale that no leader vouches for any more. Owns the timer; who vouches for what is the caller's business. */
import type { StatisticsError } from '../index.js';
import type { FleetClock } from './clock.js';
import type { Feed } from './feed.js';
import type { Feeds } from './feeds.js';
import { createTimer } from './timer.js';

export interface Staleness {
  /** Looks after feeds from now on, unless it does already. */
  start(): void;
  end(): void;
}

export interface StalenessDeps {
  readonly clock: FleetClock;
  readonly feeds: Pick<Feeds, 'all'>;
  /** Milliseconds. */
  readonly staleAfter: number;
  /** Whether a client of this process says itself which of its values are stale. */
  isOwn(): boolean;
  /** Monotonic time of the last word that confirms the value of a feed. */
  confirmedAt(feed: Feed): number;
  /** Why nothing confirms it. */
  reason(): StatisticsError | undefined;
}

export function createStaleness({ clock, feeds, staleAfter, isOwn, confirmedAt, reason }: StalenessDeps): Staleness {
  const timer = createTimer(clock);
  let isRunning = false;
  let ended = false;

  function sweep(): void {
    isRunning = false;
    const now = clock.monotonic();
    let next = staleAfter;
    if (!isOwn()) {
      for (const feed of feeds.all()) {
        const left = confirmedAt(feed) + staleAfter - now;
        if (left <= 0) {
          feed.stale(reason());
        } else {
          next = Math.min(next, left);
        }
      }
    }
    start(next);
  }

  function start(delay: number): void {
    if (!isRunning && !ended) {
      isRunning = true;
      timer.set(delay, sweep);
    }
  }

  return {
    start: () => start(staleAfter),
    end() {
      ended = true;
      timer.stop();
    },
  };
}
