/** A formula that is handed statistics instead of numbers says what was forgotten. */
import { map, of } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { StatisticsOptionError, type StatisticValue } from '../../../src/index.js';
import { abandonRate, kpi, longestWait, percentOf, weightedAverage } from '../../../src/kpi/index.js';
import { allFormulas } from './all-formulas.js';

const value: StatisticValue = { name: 'Total_Answered', objectId: 'Sales@SIP', objectType: 'Queue', timestamp: 1, value: { intValue: 3, stringValue: '3' } };

describe.each(allFormulas)('$name', ({ name, formula, needs, takes }) => {
  const keys = [...needs, ...takes];

  it.each(keys)('names kpi when %s is a statistic', (key) => {
    const inputs = { ...Object.fromEntries(keys.map((each) => [each, 1])), [key]: value } as never;
    expect(() => formula(inputs)).toThrow(StatisticsOptionError);
    expect(() => formula(inputs)).toThrow(`${name} takes numbers, but ${key} is an object: kpi() reads the numbers`);
    expect(() => formula.explain(inputs)).toThrow('kpi()');
  });

  it('names kpi when the inputs are one statistic, or nothing', () => {
    for (const inputs of [value, undefined, null, 7]) {
      expect(() => formula(inputs as never)).toThrow(`${name} takes an object of named numbers: kpi() reads them`);
    }
  });
});

describe('a forgotten kpi()', () => {
  it('errors the stream', () => {
    const errors: unknown[] = [];
    // @ts-expect-error a statistic is not a number
    of({ answered: value, abandoned: value }).pipe(map(abandonRate)).subscribe({ error: (error: unknown) => errors.push(error) });
    expect(String(errors[0])).toContain('kpi()');
  });

  it('does not compile', () => {
    // @ts-expect-error a statistic is not a number
    expect(() => abandonRate({ answered: value, abandoned: value })).toThrow();
    // @ts-expect-error a statistic is not a number
    expect(() => longestWait({ sales: value })).toThrow('kpi()');
    // @ts-expect-error a statistic is not a number
    expect(() => longestWait([value])).toThrow('kpi()');
    // @ts-expect-error a statistic is not a number
    expect(() => percentOf(value, 3)).toThrow('percentOf takes numbers, but part is an object: kpi()');
    // @ts-expect-error a statistic is not a number
    expect(() => weightedAverage([{ average: value, count: 1 }])).toThrow('weightedAverage takes numbers, but parts[0].average is an object: kpi()');
  });

  it('is all that was wrong', () => {
    const rates: unknown[] = [];
    of({ answered: value, abandoned: value }).pipe(kpi(abandonRate)).subscribe((rate) => rates.push(rate));
    expect(rates).toEqual([50]);
  });
});

describe('weightedAverage', () => {
  it.each([[undefined], [null], [{ average: 1, count: 1 }], [[null]], [[7]]])('refuses %j', (parts) => {
    expect(() => weightedAverage(parts as never)).toThrow('weightedAverage takes an array of { average, count }');
  });
});
