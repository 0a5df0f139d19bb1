/** Reads the time at which a value was generated. Owns the guess of its unit, which no public source specifies. */

/**
 * Normalises a timestamp to epoch milliseconds. Stat Server itself counts seconds, but milliseconds were seen on the wire. So a
 * number below 1e11 (1973 in milliseconds, 5138 in seconds) counts as seconds.
 *
 * @returns `null` for anything that is no plausible time. 0 is one of these: as 1970, it would make a value without a time seem
 * older, and older values are dropped (G5).
 */
export function epochMilliseconds(timestamp: unknown): number | null {
  const number = typeof timestamp === 'string' && /^\d{1,16}$/.test(timestamp) ? Number(timestamp) : timestamp;
  if (typeof number !== 'number' || !(number > 0 && number < latest)) {
    return null;
  }
  return number < 1e11 ? number * 1000 : number;
}

/** The year 5138 in milliseconds. A larger number is microseconds, or nonsense. */
const latest = 1e14;
