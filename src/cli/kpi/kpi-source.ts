/** The figure of a formula over the statistics of one object. Owns the assignment of statistics to inputs. */
import { map } from 'rxjs';
import { numberOf, type StatisticsClient, type StatisticValue } from '../../index.js';
import { suggestion } from '../arguments/nearest.js';
import { UsageError } from '../arguments/usage-error.js';
import { createFigure, rounded, withReading, type FigureSource, type Reading } from '../live/figure.js';
import type { TypedId } from '../targets.js';
import { formulas, type NamedFormula } from './formulas.js';

/** The argument `KEY=NAME`: an input of a formula, and the name of its statistic. */
export interface InputName {
  readonly key: string;
  readonly name: string;
}

export function readInput(text: string, option: string): InputName {
  const at = text.indexOf('=');
  const [key, name] = [text.slice(0, at), text.slice(at + 1).trim()];
  if (at < 1 || name === '') {
    throw new UsageError(`--${option} must be KEY=NAME, such as answeredWithin=Answered_In_20s, got ${JSON.stringify(text.slice(0, 80))}`);
  }
  return { key, name };
}

/** Finds a formula by its name. @throws UsageError if there is none */
export function findFormula(name: string): NamedFormula {
  const formula = Object.hasOwn(formulas, name) ? formulas[name] : undefined;
  if (formula === undefined) {
    throw new UsageError(`there is no formula ${JSON.stringify(name.slice(0, 80))}${suggestion(name, Object.keys(formulas)) || '; kpi --list names them'}`);
  }
  return formula;
}

/**
 * The name of the statistic for each input of a formula.
 *
 * @throws UsageError if an input has no well-known statistic and none was given
 */
export function inputNames(name: string, given: readonly InputName[]): Readonly<Record<string, string>> {
  const { inputs, optional } = findFormula(name);
  const names: Record<string, string> = {};
  for (const key of [...Object.keys(inputs), ...optional]) {
    const statistic = given.findLast((input) => input.key === key)?.name ?? (Object.hasOwn(inputs, key) ? inputs[key] : undefined);
    if (statistic !== undefined) {
      names[key] = statistic;
    } else if (!optional.includes(key)) {
      throw new UsageError(`${name} needs ${key}, for which no statistic is well known: give --input ${key}=NAME`);
    }
  }
  return names;
}

/** @throws UsageError for an input that no formula has */
export function checkInputs(names: readonly string[], given: readonly InputName[]): void {
  const known = [...new Set(names.flatMap((name) => [...Object.keys(findFormula(name).inputs), ...findFormula(name).optional]))];
  for (const { key } of given) {
    if (!known.includes(key)) {
      throw new UsageError(`--input: ${names.join(', ')} takes no ${JSON.stringify(key.slice(0, 80))}, only ${known.join(', ')}${suggestion(key, known)}`);
    }
  }
}

export function kpiSource({ subscriptionState$ }: StatisticsClient, name: string, object: TypedId, given: readonly InputName[]): FigureSource {
  const { unit, explain } = findFormula(name);
  const members = Object.fromEntries(Object.entries(inputNames(name, given)).map(([key, statistic]) => [key, { name: statistic, ...object }]));
  return {
    figure: createFigure('kpi', { name, ...object }, unit),
    states$: subscriptionState$(members).pipe(
      map((state) =>
        withReading(state, (snapshot: Readonly<Record<string, StatisticValue>>): Reading => {
          const numbers = Object.fromEntries(Object.entries(snapshot).map(([key, { value }]) => [key, numberOf(value)]));
          const { value: number, of } = explain(numbers);
          return { value: number === null ? null : rounded(number), number, raw: number, timestamp: null, of };
        }),
      ),
    ),
  };
}
