/** Reads a point in time from a command line: a time of today, or a date with its time and zone. */
import { UsageError } from './usage-error.js';

const clockTime = /^([01]?\d|2[0-3]):([0-5]\d)$/;
/** The zone is required: without it, the same text would mean different times on different machines. */
const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:\d\d)$/;

/** Reads `10:30` as a time of today in UTC, and `2026-05-04T10:30Z` as a time of any day. */
export function readMoment(text: string, option: string): Date {
  const [, hours, minutes] = clockTime.exec(text) ?? [];
  if (hours !== undefined) {
    return timeOfDay(Number(hours) * 60 + Number(minutes), new Date());
  }
  const moment = new Date(isoTime.test(text) ? text : NaN);
  if (Number.isNaN(moment.getTime()) || !isDate(text.slice(0, 10))) {
    throw new UsageError(`--${option} must be a time of today in UTC, such as 10:30, or a date and a time, such as 2026-05-04T10:30Z, got ${JSON.stringify(text.slice(0, 80))}`);
  }
  return moment;
}

/** Whether a day exists. `Date` alone would take the 30th of February for the 2nd of March. */
function isDate(day: string): boolean {
  return new Date(day).toISOString().startsWith(day);
}

/** @param minutes - after midnight UTC */
export function timeOfDay(minutes: number, day: Date): Date {
  return new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth(), day.getUTCDate(), 0, minutes));
}
