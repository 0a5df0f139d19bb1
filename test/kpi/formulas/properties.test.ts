/** Properties of every formula, whatever its inputs, and how formulas agree with each other. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as kpi from '../../../src/kpi/index.js';
import { allFormulas } from './all-formulas.js';

const anything = fc.oneof(fc.nat(), fc.double(), fc.constantFrom(null, undefined, -0, Number.MAX_VALUE, Number.MIN_VALUE, -1));
const count = fc.nat({ max: 100_000 });
const seconds = fc.nat({ max: 1_000_000 });

const isWithin = (value: number | null, unit: kpi.KpiUnit): boolean =>
  value === null || (Number.isFinite(value) && value >= 0 && !Object.is(value, -0) && (unit !== 'percent' || value <= 100));

describe('every exported formula', () => {
  it('is among those that are tested here', () => {
    const exported = Object.values(kpi).filter((value) => typeof value === 'function' && 'unit' in value);
    expect(new Set(allFormulas.map(({ formula }) => formula))).toEqual(new Set(exported));
  });
});

describe.each(allFormulas)('$name', ({ name, formula, needs, takes }) => {
  const inputs = fc.record(Object.fromEntries([...needs, ...takes].map((key) => [key, anything])), { requiredKeys: [...needs] });
  const counts = fc.record(Object.fromEntries([...needs, ...takes].map((key) => [key, count])));

  it('is null or a finite number within the bounds of its unit, whatever the inputs', () => {
    fc.assert(fc.property(inputs, (given) => isWithin(formula(given), formula.unit)), { numRuns: 500 });
  });

  it('is null where a needed input is', () => {
    fc.assert(
      fc.property(counts, fc.constantFrom(...(needs.length > 0 ? needs : ['none'])), fc.constantFrom(null, undefined, NaN, Infinity), (given, key, missing) => {
        fc.pre(needs.includes(key));
        expect(formula({ ...given, [key]: missing })).toBeNull();
      }),
      needs.length > 0 ? {} : { numRuns: 0 },
    );
  });

  it('counts an optional input that is left out as 0', () => {
    fc.assert(
      fc.property(counts, (given) => {
        const without = Object.fromEntries(Object.entries(given).filter(([key]) => !takes.includes(key)));
        const zero = { ...given, ...Object.fromEntries(takes.map((key) => [key, 0])) };
        expect(formula(without)).toBe(needs.length > 0 ? formula(zero) : null);
      }),
    );
  });

  it('explains the result that it returns, by a denominator that is finite and not negative', () => {
    fc.assert(
      fc.property(inputs, (given) => {
        const { value, of, clamped } = formula.explain(given);
        expect(value).toBe(formula(given));
        expect(of === null || (Number.isFinite(of) && of >= 0)).toBe(true);
        expect(value === null || of !== null).toBe(true);
        expect(clamped && of === null).toBe(false);
      }),
    );
  });

  it('is clamped by inputs that contradict each other only', () => {
    fc.assert(fc.property(counts, (given) => (formula.explain(given).clamped ? isContradiction(given) : true)));
  });

  it('is frozen, and carries its name, its unit and its totals', () => {
    expect(Object.isFrozen(formula)).toBe(true);
    expect(formula.name).toBe(name);
    expect(['percent', 'ratio', 'seconds', 'perHour', 'count']).toContain(formula.unit);
    expect([...needs, ...takes]).toEqual(expect.arrayContaining([...formula.totals]));
  });
});

/** A part that is larger than its whole. */
function isContradiction(given: Record<string, number>): boolean {
  const pairs = [
    ['answeredWithin', 'answered'], ['abandonedWithin', 'abandoned'], ['shortAbandoned', 'abandoned'], ['transferred', 'handled'],
    ['talkTime', 'loginTime'], ['notReadyTime', 'loginTime'], ['ready', 'loggedIn'],
  ] as const;
  const { talkTime = 0, holdTime = 0, wrapTime = 0, readyTime = 0, loginTime = Infinity } = given;
  return talkTime + holdTime + wrapTime + readyTime > loginTime || pairs.some(([part, whole]) => (given[part] ?? 0) > (given[whole] ?? Infinity));
}

describe('formulas agree with each other', () => {
  const close = (a: number | null, b: number | null): void => expect(a ?? NaN).toBeCloseTo(b ?? NaN, 6);

  it('the abandon rate and the answer rate add up to 100', () => {
    fc.assert(
      fc.property(count, count, count, (answered, abandoned, flowOuts) => {
        fc.pre(answered + abandoned > 0);
        close((kpi.abandonRate({ answered, abandoned }) ?? NaN) + (kpi.answerRate({ answered, abandoned }) ?? NaN), 100);
        const out = kpi.percentOf(flowOuts, answered + abandoned + flowOuts) ?? NaN;
        close((kpi.abandonRate({ answered, abandoned, flowOuts }) ?? NaN) + (kpi.answerRate({ answered, abandoned, flowOuts }) ?? NaN) + out, 100);
      }),
    );
  });

  it('where all are answered in time, the service level and the abandon rate add up to 100', () => {
    fc.assert(
      fc.property(count, count, (answered, abandoned) => {
        fc.pre(answered + abandoned > 0);
        close((kpi.serviceLevel({ answeredWithin: answered, answered, abandoned }) ?? NaN) + (kpi.abandonRate({ answered, abandoned }) ?? NaN), 100);
      }),
    );
  });

  it('the service level of offered is never above the other three, and their order is fixed', () => {
    fc.assert(
      fc.property(fc.tuple(count, count, count, count), ([a, b, c, d]) => {
        const calls = { answeredWithin: Math.min(a, b), answered: Math.max(a, b), abandonedWithin: Math.min(c, d), abandoned: Math.max(c, d) };
        fc.pre(calls.answered > 0);
        const ofOffered = kpi.serviceLevel(calls) ?? NaN;
        const shortOut = kpi.serviceLevel({ ...calls, shortAbandoned: calls.abandonedWithin }) ?? NaN;
        expect(ofOffered).toBeLessThanOrEqual(shortOut + 1e-9);
        expect(shortOut).toBeLessThanOrEqual((kpi.serviceLevelOfAnswered(calls) ?? NaN) + 1e-9);
        expect(shortOut).toBeLessThanOrEqual((kpi.serviceLevelWithAbandons(calls) ?? NaN) + 1e-9);
      }),
    );
  });

  it('a figure of queues together is the weighted average of their figures, by what each rests on', () => {
    const queue = fc.record({ talkTime: seconds, holdTime: seconds, wrapTime: seconds, readyTime: seconds, handled: fc.integer({ min: 1, max: 10_000 }), answered: count, abandoned: count });
    fc.assert(
      fc.property(fc.array(queue, { minLength: 1, maxLength: 5 }), (queues) => {
        const keys = ['talkTime', 'holdTime', 'wrapTime', 'readyTime', 'handled', 'answered', 'abandoned'] as const;
        const sumOf = (key: (typeof keys)[number]): number => queues.reduce((sum, each) => sum + each[key], 0);
        const together = Object.fromEntries(keys.map((key) => [key, sumOf(key)])) as Record<(typeof keys)[number], number>;
        for (const formula of [kpi.abandonRate, kpi.occupancy, kpi.averageHandlingTime, kpi.holdShare] as const) {
          const parts = queues.map((each) => {
            const { value, of } = formula.explain(each);
            return { average: value, count: of };
          });
          const [expected, found] = [formula(together), kpi.weightedAverage(parts)];
          expect(found === null ? null : found.toPrecision(9)).toBe(expected === null ? null : expected.toPrecision(9));
        }
      }),
    );
  });

  it('talk, hold and wrap-up averages per handled call add up to the handling time, and their shares to 100', () => {
    fc.assert(
      fc.property(seconds, seconds, seconds, fc.integer({ min: 1, max: 10_000 }), (talkTime, holdTime, wrapTime, handled) => {
        const parts = [
          kpi.averageTalkTime({ talkTime, talks: handled }),
          kpi.averageHoldTime({ holdTime, holds: handled }),
          kpi.averageWrapTime({ wrapTime, wraps: handled }),
        ];
        close(parts.reduce<number>((sum, part) => sum + (part ?? NaN), 0), kpi.averageHandlingTime({ talkTime, holdTime, wrapTime, handled }));
        fc.pre(talkTime + holdTime + wrapTime > 0);
        const talkShare = kpi.percentOf(talkTime, talkTime + holdTime + wrapTime) ?? NaN;
        close(talkShare + (kpi.holdShare({ talkTime, holdTime, wrapTime }) ?? NaN) + (kpi.wrapShare({ talkTime, holdTime, wrapTime }) ?? NaN), 100);
      }),
    );
  });

  it('occupancy of the login is at most the utilization, which the share of not being ready completes', () => {
    fc.assert(
      fc.property(seconds, seconds, seconds, (talkTime, readyTime, notReadyTime) => {
        const times = { talkTime, readyTime, notReadyTime, loginTime: talkTime + readyTime + notReadyTime };
        fc.pre(times.loginTime > 0);
        expect(kpi.occupancyOfLogin(times) ?? NaN).toBeLessThanOrEqual(kpi.utilization(times) ?? NaN);
        close((kpi.utilization(times) ?? NaN) + (kpi.notReadyShare(times) ?? NaN), 100);
      }),
    );
  });
});

describe('weightedAverage', () => {
  const part = fc.record({ average: fc.double({ min: 0, max: 1e6, noNaN: true }), count: fc.oneof(fc.nat({ max: 1_000 }), fc.double({ min: 0, max: 1e6, noNaN: true })) });

  it('is null or finite, whatever the parts', () => {
    const parts = fc.array(fc.record({ average: anything, count: anything }), { maxLength: 5 });
    fc.assert(
      fc.property(parts, (given) => {
        const result = kpi.weightedAverage(given as kpi.AveragePart[]);
        expect(result === null || (Number.isFinite(result) && !Object.is(result, -0))).toBe(true);
      }),
    );
  });

  it('lies between the smallest and the largest average that counts', () => {
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 8 }), (parts) => {
        const averages = parts.filter(({ count }) => count > 0).map(({ average }) => average);
        const result = kpi.weightedAverage(parts);
        expect(result === null).toBe(averages.length === 0);
        expect(result ?? Math.min(...averages)).toBeGreaterThanOrEqual(Math.min(...averages));
        expect(result ?? Math.max(...averages)).toBeLessThanOrEqual(Math.max(...averages));
      }),
    );
  });

  it('is the same however the parts are put together', () => {
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), fc.array(part, { minLength: 1, maxLength: 4 }), (left, right) => {
        const group = (parts: typeof left) => ({ average: kpi.weightedAverage(parts), count: parts.reduce((sum, { count }) => sum + count, 0) });
        const all = kpi.weightedAverage([...left, ...right]);
        const nested = kpi.weightedAverage([group(left), group(right)]);
        fc.pre(all !== null && nested !== null);
        expect(nested).toBeCloseTo(all, 4);
      }),
    );
  });
});
