/**
 * When inputs happened, relative to each other: by their timestamps where both neighbours have one, else by the scheduler.
 * Owns the choice between the two clocks; must not know what is measured.
 */
import type { SchedulerLike } from 'rxjs';

/** Milliseconds since the timeline began. They never go back. */
export interface Timeline {
  /** Places an input, and returns when it happened. */
  arrive(timestamp: number | null): number;
  /** The present: the last arrival, and what has passed since by the scheduler. */
  now(): number;
}

export function createTimeline(scheduler: SchedulerLike): Timeline {
  let at = 0;
  let heardAt = scheduler.now();
  /** The last input that moved the time by its timestamp, and where it stands. */
  let anchor: { readonly timestamp: number; readonly at: number } | undefined;

  const now = (): number => at + Math.max(0, scheduler.now() - heardAt);

  return {
    now,
    arrive(timestamp) {
      const byTimestamp = anchor === undefined || timestamp === null ? NaN : anchor.at + timestamp - anchor.timestamp;
      // A timestamp that stands still or goes back says nothing: some servers never move it.
      at = byTimestamp > at ? byTimestamp : now();
      heardAt = scheduler.now();
      if (timestamp === null) {
        anchor = undefined;
      } else if (timestamp !== anchor?.timestamp) {
        anchor = { timestamp, at };
      }
      return at;
    },
  };
}
