/**
 * A part of a whole, the arithmetic that every formula here shares: no share of nothing, nothing outside its bounds.
 * Knows nothing of what is counted.
 */

/** A count a formula reads: `null` where the statistic holds no number. */
export type Count = number | null;

/**
 * `scale * part / whole` between 0 and `scale`; `null` where a count is missing or the whole is not above zero.
 * Multiplies first, so that 29 of 100 is 29 and not 28.999999999999996.
 */
export function share(part: Count, whole: Count, scale: number): number | null {
  if (part === null || whole === null || !Number.isFinite(part) || !Number.isFinite(whole) || whole <= 0) {
    return null;
  }
  return Math.min(Math.max((scale * part) / whole, 0), scale);
}

/** The sum of counts; `null` where one is missing. */
export function sum(...counts: readonly Count[]): Count {
  return counts.reduce<Count>((total, count) => (total === null || count === null ? null : total + count), 0);
}
