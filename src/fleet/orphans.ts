/**
 * Subscriptions that a client of this process could not delete: tried again until the server answers, so that an outage of the
 * server leaves nothing open for as long as the process runs. After that they are left to the journal.
 */
import { StatisticsApiError } from '../index.js';
import type { FleetClock } from './clock.js';
import { createTimer } from './timer.js';

export interface Orphans {
  /** A client has given a subscription up. */
  add(subscriptionId: string): void;
  /** Tries no more. */
  end(): void;
}

/** Milliseconds between two rounds of attempts: the first pause, and the longest. */
const shortestPause = 1_000;
const longestPause = 60_000;
/** The most that are kept; the oldest are left to the journal. */
const mostOrphans = 1_000;

/**
 * @param close - sends one DELETE.
 * @param deleted - a subscription is certainly gone.
 */
export function createOrphans(clock: Pick<FleetClock, 'after'>, close: (subscriptionId: string) => Promise<unknown>, deleted: (subscriptionId: string) => void): Orphans {
  const orphans = new Set<string>();
  const timer = createTimer(clock);
  let isTrying = false;
  let ended = false;

  async function attempt(subscriptionId: string): Promise<void> {
    try {
      await close(subscriptionId);
    } catch (error) {
      if (!(error instanceof StatisticsApiError) || ![404, 410].includes(error.httpStatus)) {
        return;
      }
    }
    orphans.delete(subscriptionId);
    deleted(subscriptionId);
  }

  /** One DELETE at a time, and none after one that failed: the server is not back yet. */
  async function tryAll(pause: number): Promise<void> {
    for (const subscriptionId of [...orphans]) {
      await attempt(subscriptionId);
      if (ended || orphans.has(subscriptionId)) {
        break;
      }
    }
    isTrying = false;
    tryIn(Math.min(longestPause, 2 * pause));
  }

  function tryIn(pause: number): void {
    if (!isTrying && !ended && orphans.size > 0) {
      isTrying = true;
      timer.set(pause, () => void tryAll(pause));
    }
  }

  return {
    add(subscriptionId) {
      orphans.delete(subscriptionId);
      orphans.add(subscriptionId);
      if (orphans.size > mostOrphans) {
        orphans.delete(orphans.values().next().value as string);
      }
      tryIn(shortestPause);
    },
    end() {
      ended = true;
      timer.stop();
    },
  };
}
