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
/** Statuses by which a server says that it has no such subscription, and statuses of failures that pass by themselves. */
const unknownThere: readonly number[] = [400, 404, 410, 422];
const passing: readonly number[] = [401, 408, 425, 429];
/** The most that are kept; the oldest are left to the journal. */
const mostOrphans = 1_000;

type Outcome = 'deleted' | 'refused' | 'failed';

/**
 * @param close - sends one DELETE.
 * @param deleted - a subscription is certainly gone.
 */
export function createOrphans(clock: Pick<FleetClock, 'after'>, close: (subscriptionId: string) => Promise<unknown>, deleted: (subscriptionId: string) => void): Orphans {
  const orphans = new Set<string>();
  const timer = createTimer(clock);
  let isTrying = false;
  let ended = false;

  async function attempt(subscriptionId: string): Promise<Outcome> {
    try {
      await close(subscriptionId);
      return 'deleted';
    } catch (error) {
      const status = error instanceof StatisticsApiError ? error.httpStatus : 0;
      return unknownThere.includes(status) ? 'deleted' : status >= 400 && status < 500 && !passing.includes(status) ? 'refused' : 'failed';
    }
  }

  /** One DELETE at a time, and none after one that failed: the server is not back yet. */
  async function tryAll(pause: number): Promise<void> {
    for (const subscriptionId of [...orphans]) {
      const outcome = await attempt(subscriptionId);
      if (outcome !== 'failed') {
        // One that the server refuses to delete is left to the journal, so that it does not hold the others up.
        orphans.delete(subscriptionId);
      }
      if (outcome === 'deleted') {
        deleted(subscriptionId);
      }
      if (ended || outcome === 'failed') {
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
