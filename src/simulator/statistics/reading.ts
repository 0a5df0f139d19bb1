/** The value of a statistic before it takes its form on the wire. Owns the types and the rounding. Knows no definitions. */

/** A value, and the epoch second at which it last changed. */
export interface Reading {
  /** A number, or the state of an object. */
  readonly value: unknown;
  readonly at: number;
}

/** Reads a value from the centre at an epoch second. */
export type Measure = (now: number) => Reading;

/** Rounds to two decimals, for averages and percentages. */
export const rounded = (value: number): number => Math.round(value * 100) / 100;

/** `factor * a / b`; 0 for 0/0, which is Stat Server's rule. */
export function ratio(a: Measure, b: Measure, factor: number): Measure {
  return (now) => {
    const over = a(now);
    const under = b(now);
    const divisor = Number(under.value);
    return { value: divisor === 0 ? 0 : rounded((factor * Number(over.value)) / divisor), at: Math.max(over.at, under.at) };
  };
}
