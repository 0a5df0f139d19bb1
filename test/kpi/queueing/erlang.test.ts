/** Erlang B and C against published numbers, their sums, and each other. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StatisticsOptionError } from '../../../src/index.js';
import { erlangB, erlangC } from '../../../src/kpi/index.js';

/** The formulas as textbooks print them, by logarithms so that nothing overflows. */
function bySums(traffic: number, agents: number): { readonly b: number; readonly c: number } {
  const terms: number[] = [];
  let logarithm = 0;
  for (let n = 0; n <= agents; n++) {
    logarithm += n === 0 ? 0 : Math.log(traffic / n);
    terms.push(logarithm);
  }
  const last = terms.at(-1) ?? 0;
  // Relative to the last term.
  const sum = terms.reduce((total, term) => total + Math.exp(term - last), 0);
  const waiting = agents / (agents - traffic);
  return { b: 1 / sum, c: waiting / (sum - 1 + waiting) };
}

describe('erlangB', () => {
  it.each([
    // traffic, agents, probability
    [2, 3, 4 / 19],
    [10, 14, 0.056819],
    [1, 1, 1 / 2],
    [1, 2, 1 / 5],
    [0, 3, 0],
    [0, 0, 1],
    [5, 0, 1],
    // A table of Erlang B gives 12.03 erlangs for 20 lines and a loss of 1 %, and 84.064 for 100
    [12.03, 20, 0.01],
    [84.064, 100, 0.01],
  ])('%s erlangs and %i agents lose %s', (traffic, agents, probability) => {
    expect(erlangB({ traffic, agents })).toBeCloseTo(probability, 5);
  });

  it('is the sum of textbooks', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 300, noNaN: true }), fc.integer({ min: 1, max: 300 }), (traffic, agents) => {
        const { b } = bySums(traffic, agents);
        fc.pre(b > 1e-290);
        expect(erlangB({ traffic, agents }) / b).toBeCloseTo(1, 9);
      }),
    );
  });

  it('falls with each agent and grows with the traffic, between 0 and 1', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 500, noNaN: true }), fc.nat({ max: 600 }), (traffic, agents) => {
        const loss = erlangB({ traffic, agents });
        expect(loss >= 0 && loss <= 1).toBe(true);
        expect(erlangB({ traffic, agents: agents + 1 })).toBeLessThanOrEqual(loss);
        expect(erlangB({ traffic: traffic + 1, agents })).toBeGreaterThanOrEqual(loss);
      }),
    );
  });
});

describe('erlangC', () => {
  it.each([
    // traffic, agents, probability
    [2, 3, 4 / 9],
    [2.5, 6, 0.047445],
    [10, 14, 0.174132],
    [10, 11, 0.682118],
    [25, 30, 0.249893],
    [0, 4, 0],
    [4, 4, 1],
    [5, 4, 1],
    [0, 0, 1],
  ])('%s erlangs and %i agents let %s wait', (traffic, agents, probability) => {
    expect(erlangC({ traffic, agents })).toBeCloseTo(probability, 6);
  });

  it('is the sum of textbooks', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.double({ min: 0.001, max: 0.999, noNaN: true }), (agents, load) => {
        const traffic = agents * load;
        const { c } = bySums(traffic, agents);
        fc.pre(c > 1e-290);
        expect(erlangC({ traffic, agents }) / c).toBeCloseTo(1, 9);
      }),
    );
  });

  it('falls with each agent, and is never below the loss of the same agents', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 500, noNaN: true }), fc.nat({ max: 600 }), (traffic, agents) => {
        const wait = erlangC({ traffic, agents });
        expect(wait >= 0 && wait <= 1).toBe(true);
        expect(wait).toBeGreaterThanOrEqual(erlangB({ traffic, agents }));
        expect(erlangC({ traffic, agents: agents + 1 })).toBeLessThanOrEqual(wait);
      }),
    );
  });

  it('is stable for a million agents, near saturation and far from it', () => {
    expect(erlangC({ traffic: 999_999, agents: 1_000_000 })).toBeCloseTo(0.99875, 4);
    expect(erlangC({ traffic: 1, agents: 1_000_000 })).toBe(0);
  });
});

describe('arguments', () => {
  it.each([
    [{ traffic: -1, agents: 3 }, /^traffic must be a finite number from 0 to 1000000, got -1$/],
    [{ traffic: NaN, agents: 3 }, /^traffic must be/],
    [{ traffic: 1, agents: 2.5 }, /^agents must be a whole number from 0 to 1000000, got 2.5$/],
    [{ traffic: 1, agents: 1e7 }, /^agents must be/],
    [{ traffic: '1', agents: 3 }, /^traffic must be a finite number from 0 to 1000000, got "1"$/],
    [{ traffic: 1 }, /^agents must be a whole number from 0 to 1000000, got undefined$/],
    [{ traffic: 1, agents: 3, calls: 9 }, /^load has no "calls", only traffic, agents$/],
    [undefined, /^load must be an object with traffic, agents, got undefined$/],
  ])('%j is refused', (load, message) => {
    for (const formula of [erlangB, erlangC]) {
      expect(() => formula(load as never)).toThrow(StatisticsOptionError);
      expect(() => formula(load as never)).toThrow(message);
    }
  });
});
