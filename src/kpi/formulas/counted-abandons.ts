/** The abandoned calls that count, once the short ones are taken out. Knows nothing of rates. */

/** The number of abandons without the short ones, never below 0. */
export interface CountedAbandons {
  readonly count: number;
  /** Whether there were more short abandons than abandons, because the two totals were reset at different times. */
  readonly clamped: boolean;
}

export function countedAbandons(abandoned: number, shortAbandoned: number): CountedAbandons {
  const left = abandoned - shortAbandoned;
  return { count: Math.max(left, 0), clamped: left < 0 };
}
