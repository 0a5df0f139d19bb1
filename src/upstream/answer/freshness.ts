/** Reports values as stale once nothing usable has come for too long. Owns the one timer of an upstream for that. */
import type { Cancel } from '../../time/clock.js';
import type { UpstreamContext } from '../context.js';

export interface Freshness {
  /** A usable answer came: the time starts again. */
  confirm(): void;
  /** Monotonic time: values that were last confirmed before it are stale. */
  staleBefore(): number;
  /** The page is visible again: values that are live get their usual time from now, though not more than while it was hidden. */
  resume(): void;
  /** Nothing is reported any more. */
  end(): void;
}

/**
 * @param interval - milliseconds between polls, as things are.
 * @param queueing - milliseconds that a poll may have to wait for other requests: that alone makes no value stale.
 * @param stale - called once after each confirmation that no other follows in time.
 */
export function createFreshness({ clock, poll }: Pick<UpstreamContext, 'clock' | 'poll'>, interval: () => number, queueing: () => number, stale: () => void): Freshness {
  let confirmedAt = 0;
  let cancel: Cancel | undefined;

  /** An upstream that is polled more rarely than usual, for slow observers or a hidden page, is given more time. */
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
    confirm() {
      confirmedAt = clock.monotonic();
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
