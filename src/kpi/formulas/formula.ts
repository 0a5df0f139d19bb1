/**
 * The type of a formula: a pure function of named numbers, with a unit and an explanation of its result. Owns the reading of inputs
 * and the division. Knows neither the formulas nor streams.
 */
import { StatisticsOptionError } from '../../index.js';

/** The unit of a result. Percents are 0..100, and times are seconds, as Stat Server reports them. */
export type KpiUnit = 'percent' | 'ratio' | 'seconds' | 'perHour' | 'count';

/** A number that a formula reads; `null` if the statistic holds none. */
export type Count = number | null;

/** A result with its denominator. */
export interface Explanation {
  /** The number that the formula returns. */
  readonly value: number | null;
  /** The denominator, such as the calls offered; `null` if an input is missing. */
  readonly of: number | null;
  /** Whether the result was brought within its bounds, because the inputs contradicted each other. */
  readonly clamped: boolean;
}

/** A formula: call it with its named numbers, or pass it to `kpi`, `kpis` or `figure`. */
export interface Formula<I> {
  (inputs: I): number | null;
  readonly unit: KpiUnit;
  /** The names of the inputs that are totals, which count up from a reset; empty for a formula of present values. */
  readonly totals: readonly string[];
  /** The same result with its denominator, and whether it was clamped. */
  readonly explain: (inputs: I) => Explanation;
}

/** A result before the division. */
export interface Quotient {
  readonly part: number;
  readonly whole: number;
  /** Whether the inputs contradicted each other. */
  readonly clamped?: boolean;
}

type Inputs<R extends string, O extends string> = { readonly [K in R]: Count } & { readonly [K in O]?: Count | undefined };

interface QuotientSpec<R extends string, O extends string> {
  readonly name: string;
  readonly unit: KpiUnit;
  readonly needs: readonly R[];
  /** Optional inputs, which count as 0 when they are left out. */
  readonly takes?: readonly O[];
  /** Whether the inputs are totals. */
  readonly ofTotals: boolean;
  /** Computes the two parts of the division. All numbers are finite. */
  readonly quotient: (numbers: Readonly<Record<R | O, number>>) => Quotient;
}

const unknown: Explanation = Object.freeze({ value: null, of: null, clamped: false });

/** Makes a formula that divides. Its result is `null` if an input is missing, or if the denominator is 0 or less. */
export function quotientFormula<const R extends string, const O extends string = never>(spec: QuotientSpec<R, O>): Formula<Inputs<R, O>> {
  const { name, unit, needs, takes = [], ofTotals, quotient } = spec;
  const keys: readonly (R | O)[] = [...needs, ...takes];
  const explain = (inputs: Inputs<R, O>): Explanation => {
    const given = inputsOf(name, inputs);
    const numbers: Record<string, number> = {};
    for (let place = 0; place < keys.length; place++) {
      const key = keys[place] as R | O;
      const value = given[key];
      const number = value === undefined && place >= needs.length ? 0 : finiteInput(name, key, value);
      if (number === null) {
        return unknown;
      }
      numbers[key] = number;
    }
    return divide(quotient(numbers as Record<R | O, number>), unit);
  };
  return asFormula(name, unit, ofTotals ? keys : [], explain);
}

/** A function with the properties of a formula, frozen. */
export function asFormula<I>(name: string, unit: KpiUnit, totals: readonly string[], explain: (inputs: I) => Explanation): Formula<I> {
  const formula = (inputs: I): number | null => explain(inputs).value;
  Object.defineProperty(formula, 'name', { value: name });
  return Object.freeze(Object.assign(formula, { unit, totals: Object.freeze(totals), explain }));
}

/** Divides a part by a whole, in a unit and within the unit's bounds. The result is never NaN and never infinite. */
export function divide({ part, whole, clamped = false }: Quotient, unit: KpiUnit): Explanation {
  if (!Number.isFinite(whole) || !Number.isFinite(part)) {
    return unknown;
  }
  if (whole <= 0) {
    return { value: null, of: 0, clamped: clamped || whole < 0 };
  }
  const [scale, most] = unit === 'percent' ? [100, 100] : [1, Infinity];
  // Multiply before dividing: otherwise 29 of 100 would be 28.999999999999996 percent.
  const scaled = scale * part;
  const result = Number.isFinite(scaled) ? scaled / whole : (part / whole) * scale;
  const value = Math.min(Math.max(result, 0), most);
  // Adding 0 makes -0 a plain 0.
  return { value: Number.isFinite(value) ? value + 0 : null, of: whole, clamped: clamped || value !== result };
}

/**
 * Reads an input as a finite number, or `null`.
 *
 * @throws StatisticsOptionError for an object: a statistic's value whose number was not read.
 */
export function finiteInput(formula: string, key: string, value: unknown): number | null {
  if (typeof value === 'number') {
    return Number.isFinite(value) ? value : null;
  }
  if (typeof value === 'object' && value !== null) {
    throw new StatisticsOptionError(
      `${formula} takes numbers, but ${key} is an object: kpi() reads the numbers of a snapshot and hands them to a formula`,
      key,
    );
  }
  return null;
}

/**
 * Requires the inputs to be an object with named numbers.
 *
 * @throws StatisticsOptionError for anything else, and for a single statistic's value.
 */
export function inputsOf(formula: string, inputs: unknown): Readonly<Record<string, unknown>> {
  if (typeof inputs !== 'object' || inputs === null || ('objectId' in inputs && 'objectType' in inputs)) {
    throw new StatisticsOptionError(
      `${formula} takes an object of named numbers: kpi() reads them from the snapshots of subscription$ or combineStatistics`,
      'inputs',
    );
  }
  return inputs as Readonly<Record<string, unknown>>;
}
