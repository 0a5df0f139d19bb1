/** The formulas as tables, and what holds for all of them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { abandonRate, readyRatio, serviceLevel } from '../../src/kpi/index.js';

describe('serviceLevel', () => {
  it.each([
    // within, answered, abandoned, expected
    [80, 90, 10, 80],
    [0, 0, 0, null],
    [0, 10, 0, 0],
    [10, 10, 0, 100],
    [0, 0, 5, 0], // offered, none answered
    [29, 100, 0, 29], // not 28.999999999999996
    [1, 3, 0, 100 / 3],
    [12, 10, 0, 100], // arrived apart
    [3, 0, 0, null],
    [-1, 10, 0, 0],
    [null, 10, 0, null],
    [8, null, 0, null],
    [8, 10, null, null],
    [NaN, 10, 0, null],
    [8, Infinity, 0, null],
  ])('of offered: %s within of %s answered and %s abandoned is %s', (answeredWithin, answered, abandoned, expected) => {
    expect(serviceLevel({ answeredWithin, answered, abandoned })).toBe(expected);
  });

  it.each([
    // within, answered, abandoned, short, expected
    [80, 90, 20, 10, 80],
    [80, 90, 20, 0, 80 / 1.1],
    [5, 10, 3, 5, 50], // more short ones than abandons after a reset
    [0, 0, 4, 4, null],
    [5, 10, 3, null, null],
    [5, 10, 0, undefined, 50],
  ])('short abandons out: %s of %s, %s, %s is %s', (answeredWithin, answered, abandoned, shortAbandoned, expected) => {
    const level = serviceLevel({ answeredWithin, answered, abandoned, shortAbandoned });
    expect(level === null ? null : level.toFixed(9)).toBe(expected === null ? null : expected.toFixed(9));
  });
});

describe('abandonRate', () => {
  it.each([
    [90, 10, 10],
    [0, 0, null],
    [0, 3, 100],
    [7, 0, 0],
    [null, 3, null],
    [3, null, null],
    [-5, 10, 100],
    [3, -4, null],
  ])('%s answered and %s abandoned is %s', (answered, abandoned, expected) => {
    expect(abandonRate({ answered, abandoned })).toBe(expected);
  });
});

describe('readyRatio', () => {
  it.each([
    [3, 12, 0.25],
    [0, 0, null],
    [0, 4, 0],
    [5, 4, 1], // arrived apart
    [2, 0, null],
    [null, 4, null],
    [1, null, null],
  ])('%s ready of %s is %s', (ready, loggedIn, expected) => {
    expect(readyRatio({ ready, loggedIn })).toBe(expected);
  });
});

describe('whatever the inputs', () => {
  const count = fc.oneof(fc.nat(), fc.double(), fc.constant(null));
  const within = (value: number | null, max: number): boolean => value === null || (value >= 0 && value <= max);

  it('a formula gives null or a number within its bounds', () => {
    fc.assert(
      fc.property(count, count, count, fc.option(count, { nil: undefined }), (a, b, c, d) => {
        expect(within(serviceLevel({ answeredWithin: a, answered: b, abandoned: c, shortAbandoned: d }), 100)).toBe(true);
        expect(within(abandonRate({ answered: a, abandoned: b }), 100)).toBe(true);
        expect(within(readyRatio({ ready: a, loggedIn: b }), 1)).toBe(true);
      }),
    );
  });

  it('abandons and answers make the whole', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), (answered, abandoned) => {
        fc.pre(answered + abandoned > 0);
        const level = serviceLevel({ answeredWithin: answered, answered, abandoned }) ?? NaN;
        expect(level + (abandonRate({ answered, abandoned }) ?? NaN)).toBeCloseTo(100, 9);
      }),
    );
  });
});
