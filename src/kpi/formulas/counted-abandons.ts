/** The abandoned calls that count, once the short ones are taken out. Knows nothing of rates. */

/** The rest of the abandons, never below 0. */
export interface CountedAbandons {
  readonly count: number;
  /** There were more short abandons than abandons: the two totals were reset apart. */
  readonly clamped: boolean;
}

export function countedAbandons(abandoned: number, shortAbandoned: number): CountedAbandons {
  const left = abandoned - shortAbandoned;
  return { count: Math.max(left, 0), clamped: left < 0 };
}
