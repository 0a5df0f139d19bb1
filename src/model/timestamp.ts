/** When a value was generated. No public source states the unit. */

/**
 * Normalises a timestamp to epoch milliseconds. The unit is documented nowhere; Stat Server itself counts seconds and
 * what was seen on the wire are milliseconds, so anything below 1e11 (1973 in milliseconds, 5138 in seconds) is seconds.
 *
 * @returns `null` where it is no time at which anything can have been counted. Were 0 taken for 1970, a server that
 * leaves a time out now and then would seem to send old values, which are not shown (G5).
 */
export function epochMilliseconds(timestamp: unknown): number | null {
  const number = typeof timestamp === 'string' && /^\d{1,16}$/.test(timestamp) ? Number(timestamp) : timestamp;
  if (typeof number !== 'number' || !(number > 0 && number < latest)) {
    return null;
  }
  return number < 1e11 ? number * 1000 : number;
}

/** The year 5138: neither seconds nor milliseconds, so microseconds, or nonsense. */
const latest = 1e14;
