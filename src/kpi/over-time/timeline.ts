/**
 * The times of inputs relative to each other: from their timestamps if two neighbours both have one, otherwise from the scheduler.
 * Owns the choice between the two clocks. Does not know what is measured.
 */
import type { SchedulerLike } from 'rxjs';

/** Milliseconds since the timeline began. They never decrease. */
export interface Timeline {
  /** Records an input, and returns its time. */
  arrive(timestamp: number | null): number;
  /** The present time: that of the last input, plus the time that has passed since by the scheduler. */
  now(): number;
}

export function createTimeline(scheduler: SchedulerLike): Timeline {
  let at = 0;
  let heardAt = scheduler.now();
  /** The last input whose timestamp advanced the time, and its time. */
  let anchor: { readonly timestamp: number; readonly at: number } | undefined;

  const now = (): number => at + Math.max(0, scheduler.now() - heardAt);

  return {
    now,
    arrive(timestamp) {
      const byTimestamp = anchor === undefined || timestamp === null ? NaN : anchor.at + timestamp - anchor.timestamp;
      // Ignore a timestamp that does not advance, because some servers never change it.
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
