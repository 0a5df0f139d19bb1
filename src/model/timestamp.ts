/** When a value was generated. No public source states the unit. */

/**
 * Normalises a timestamp to epoch milliseconds. The unit is documented nowhere; Stat Server itself counts seconds and
 * what was seen on the wire are milliseconds, so anything below 1e11 (1973 in milliseconds, 5138 in seconds) is seconds.
 */
export function epochMilliseconds(timestamp: unknown): number | null {
  const number = typeof timestamp === 'string' && /^-?\d{1,16}$/.test(timestamp) ? Number(timestamp) : timestamp;
  if (typeof number !== 'number' || !Number.isFinite(number)) {
    return null;
  }
  return Math.abs(number) < 1e11 ? number * 1000 : number;
}

