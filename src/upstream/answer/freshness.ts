/** Reports values as stale after too long without a usable answer. Owns the upstream's timer for this. */
import type { Cancel } from '../../time/clock.js';
import type { UpstreamContext } from '../context.js';

export interface Freshness {
  /** Records a usable answer, which restarts the time until values are stale. `at`: its monotonic time, by default now. */
  confirm(at?: number): void;
  /** Monotonic time: values that were last confirmed before this time are stale. */
  staleBefore(): number;
  /**
   * Call when the page is visible again. From now on, live values turn stale after the usual time, but no later than if the page had
   * stayed hidden.
   */
  resume(): void;
  /** Stops the timer, so that nothing is reported any more. */
  end(): void;
}

/**
 * @param interval - returns the present interval between polls, in milliseconds.
 * @param queueing - returns the milliseconds that a poll may have to wait behind other requests. This wait alone makes no value stale.
 * @param stale - called once if no other confirmation follows the last one in time.
 */
export function createFreshness({ clock, poll }: Pick<UpstreamContext, 'clock' | 'poll'>, interval: () => number, queueing: () => number, stale: () => void): Freshness {
  let confirmedAt = 0;
  let cancel: Cancel | undefined;

  /** The time until values are stale. It is longer for an upstream that is polled rarely, for slow observers or in a hidden page. */
  const timeFor = (pollInterval: number): number => poll.staleAfter + 2 * Math.max(0, pollInterval - poll.maxInterval) + queueing();

  function arm(due: number): void {
    cancel?.();
    cancel = clock.after(due - clock.monotonic(), () => {
      cancel = undefined;
      // The page may have been hidden since the timer was set: being hidden alone makes no value stale.
      const later = confirmedAt + timeFor(interval());
      if (later > clock.monotonic()) {
        arm(later);
      } else {
        stale();
      }
    });
  }

  return {
    confirm(at = clock.monotonic()) {
      confirmedAt = at;
      arm(confirmedAt + timeFor(interval()));
    },
    staleBefore: () => clock.monotonic() - timeFor(interval()),
    resume() {
      if (cancel !== undefined) {
        const whileHidden = confirmedAt + timeFor(Math.max(poll.hiddenInterval, interval()));
        arm(Math.min(whileHidden, clock.monotonic() + timeFor(interval())));
      }
    },
    end() {
      cancel?.();
      cancel = undefined;
    },
  };
}
