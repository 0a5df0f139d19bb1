/**
 * Intervals of a wall clock in a time zone: half-hours, hours, days. Owns their beginning and end, also when clocks change. Does not
 * know what they are used for.
 */
import { numberIn, unfit } from '../../checks/arguments.js';

/** From `start` (included) to `end` (not included), in epoch milliseconds. */
export interface WallClockInterval {
  readonly start: number;
  readonly end: number;
}

const day = 86_400_000;

/** The date and time that a clock in the zone shows at an instant. */
interface Shown {
  /** Milliseconds to add to UTC. */
  readonly offset: number;
  /** Milliseconds since the interval began, as read off the clock. */
  readonly into: number;
  /** Equal at two neighbouring instants exactly when they are in the same interval. */
  readonly key: string;
}

/**
 * Makes a function from an instant to its interval. Intervals count from midnight by the clock. When clocks change, an interval of an
 * hour or less ends, so that a repeated hour counts as its own. A longer interval has more or fewer hours on that day.
 *
 * @param minutes - a whole number that divides a day: 30, 60, 1,440.
 * @param timeZone - an IANA name; defaults to the platform's zone.
 * @throws StatisticsOptionError for anything else.
 */
export function createWallClock(minutes: unknown, timeZone: unknown): (at: number) => WallClockInterval {
  const length = numberIn('minutes', minutes, { least: 1, most: 1440, whole: true }) * 60_000;
  if (day % length !== 0) {
    throw unfit('minutes', minutes, 'a number of minutes that divides a day');
  }
  const offsetAt = offsetsOf(timeZone);

  function show(at: number): Shown {
    const offset = offsetAt(at);
    const local = at + offset;
    const date = Math.floor(local / day);
    const index = Math.floor((local - date * day) / length);
    return { offset, into: local - date * day - index * length, key: `${date} ${index} ${length <= 3_600_000 ? offset : ''}` };
  }

  /** The instant between `from` and `to` at which clocks change. They must change once: the offsets of `from` and `to` differ. */
  function changeBetween(from: number, to: number): number {
    const wanted = offsetAt(to);
    let [before, after] = [from, to];
    while (after - before > 1) {
      const middle = Math.floor((before + after) / 2);
      if (offsetAt(middle) === wanted) {
        after = middle;
      } else {
        before = middle;
      }
    }
    return after;
  }

  function endAfter(at: number, key: string): number {
    const { offset, into } = show(at);
    const expected = at + length - into;
    const next = offsetAt(expected - 1) === offset ? expected : changeBetween(at, expected - 1);
    return show(next).key === key ? endAfter(next, key) : next;
  }

  function startBefore(at: number, key: string): number {
    const { offset, into } = show(at);
    const expected = at - into;
    const first = offsetAt(expected) === offset ? expected : changeBetween(expected, at);
    return show(first - 1).key === key ? startBefore(first - 1, key) : first;
  }

  return (at) => {
    const instant = Math.floor(at);
    const { key } = show(instant);
    return { start: startBefore(instant, key), end: endAfter(instant, key) };
  };
}

/** Makes a function from an instant to the milliseconds by which the zone is ahead of UTC. */
function offsetsOf(timeZone: unknown): (at: number) => number {
  const parts = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' } as const;
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-US', { ...parts, hourCycle: 'h23', timeZone: timeZone as string | undefined });
  } catch {
    throw unfit('timeZone', timeZone, 'an IANA time zone, such as Europe/Berlin');
  }
  return (at) => {
    const shown: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {};
    for (const { type, value } of format.formatToParts(at)) {
      shown[type] = Number(value);
    }
    const { year = 0, month = 1, day: date = 1, hour = 0, minute = 0, second = 0 } = shown;
    return Date.UTC(year, month - 1, date, hour, minute, second) - Math.floor(at / 1000) * 1000;
  };
}
