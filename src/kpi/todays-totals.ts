/** Deduces from growing totals whether they cover the whole day. Owns the meaning of a fall. Does not know what the totals count. */
import { createWallClock } from './over-time/wall-clock.js';

/** `'day'`: counted since the day began. `'later'`: counted since a reset during the day. */
type Since = 'unknown' | 'day' | 'later';

interface Watched {
  readonly number: number;
  readonly since: Since;
}

/** Records the totals of each answer. Returns whether they lack a part of the day; `null` if that is unknown. */
export type TodaysTotals = (totals: readonly (number | null)[], now: number) => boolean | null;

/** @throws StatisticsOptionError for an unknown time zone. */
export function createTodaysTotals(timeZone: unknown): TodaysTotals {
  const dayAt = createWallClock(1440, timeZone);
  const watched: (Watched | undefined)[] = [];
  let today = { start: Infinity, end: -Infinity };

  return (totals, now) => {
    const isNewDay = now < today.start || now >= today.end;
    if (isNewDay) {
      today = dayAt(now);
    }
    totals.forEach((number, index) => {
      if (number !== null) {
        watched[index] = { number, since: sinceWhen(watched[index], number, isNewDay) };
      }
    });
    const since = totals.map((_, index) => watched[index]?.since ?? 'unknown');
    if (since.length === 0 || since.includes('later')) {
      return since.length > 0;
    }
    return since.includes('unknown') ? null : false;
  };
}

function sinceWhen(before: Watched | undefined, number: number, isNewDay: boolean): Since {
  if (before === undefined) {
    // An answer does not say when the server began to count.
    return 'unknown';
  }
  if (isNewDay) {
    // A total that was 0 when the day began has counted this day only.
    return number < before.number || before.number === 0 ? 'day' : 'unknown';
  }
  return number < before.number ? 'later' : before.since;
}
