/** The time at which a value was generated. Owns the guess of its unit, which no public source states. */

/**
 * Normalises a timestamp to epoch milliseconds. Stat Server itself counts seconds, but milliseconds were seen on the wire,
 * so a number below 1e11 (1973 in milliseconds, 5138 in seconds) is taken for seconds.
 *
 * @returns `null` for anything that is no plausible time. If 0 meant 1970, a server that now and then leaves a time out
 * would seem to send older values, which are dropped (G5).
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
