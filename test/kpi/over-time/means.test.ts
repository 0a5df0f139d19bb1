/** Means over time: a number holds until the next. */
import fc from 'fast-check';
import { VirtualTimeScheduler, Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { ewma, movingAverage } from '../../../src/kpi/index.js';
import { run, valueAt } from './support.js';

describe('movingAverage', () => {
  it('weighs each number by how long it held within the window', () => {
    run(({ hot, expectObservable, scheduler }) => {
      const source = hot('      a 9ms b 9ms c 19ms d|', { a: 0, b: 30, c: 60, d: 0 });
      const expected = '        a 9ms b 9ms c 19ms d|';
      // The window is 20 ms: 10 of 0 and 10 of 30 at c; 20 of 60 at d.
      expectObservable(source.pipe(movingAverage(20, scheduler))).toBe(expected, { a: 0, b: 0, c: 15, d: 60 });
    });
  });

  it('goes by timestamps where they tell', () => {
    run(({ hot, expectObservable, scheduler }) => {
      const source = hot('      a-b-c', { a: valueAt(0, 1_000), b: valueAt(10, 4_000), c: valueAt(0, 5_000) });
      const expected = '        a-b-c';
      expectObservable(source.pipe(movingAverage(60_000, scheduler))).toBe(expected, { a: 0, b: 0, c: 2.5 });
    });
  });

  it('lets a number that stays tell when it is repeated', () => {
    run(({ hot, expectObservable, scheduler }) => {
      const source = hot('      a 9ms b 9ms b 9ms b', { a: 0, b: 8 });
      const expected = '        a 9ms b 9ms c 9ms d';
      expectObservable(source.pipe(movingAverage(20, scheduler))).toBe(expected, { a: 0, b: 0, c: 4, d: 8 });
    });
  });

  it('is the number itself where no time has passed, and ignores what holds none', () => {
    run(({ hot, expectObservable, scheduler }) => {
      const source = hot('      (ab)-n-c', { a: 1, b: 5, n: null, c: 9 });
      const expected = '        (ab)---c';
      expectObservable(source.pipe(movingAverage(20, scheduler))).toBe(expected, { a: 1, b: 5, c: 5 });
    });
  });
});

describe('ewma', () => {
  it('halves the weight of the past with each half-life', () => {
    run(({ hot, expectObservable, scheduler }) => {
      const source = hot('      a 9ms b 9ms c 9ms d|', { a: 0, b: 16, c: 0, d: 4 });
      const expected = '        a 9ms b 9ms c 9ms d|';
      expectObservable(source.pipe(ewma(10, scheduler))).toBe(expected, { a: 0, b: 0, c: 8, d: 4 });
    });
  });

  it('does not depend on how often a number is repeated', () => {
    run(({ hot, expectObservable, scheduler }) => {
      const source = hot('      a 9ms b 4ms b 4ms c', { a: 0, b: 16, c: 0 });
      const expected = '        a 9ms b 4ms c 4ms d';
      expectObservable(source.pipe(ewma(10, scheduler))).toBe(expected, { a: 0, b: 0, c: 16 * (1 - 2 ** -0.5), d: expect.closeTo(8, 10) });
    });
  });

  it('goes by timestamps where they tell, and ignores what holds no number', () => {
    run(({ hot, expectObservable, scheduler }) => {
      const source = hot('      a-n-b-c', { a: valueAt(8, 1_000), n: null, b: valueAt(0, 2_000), c: valueAt(0, 3_000) });
      const expected = '        a---b-c';
      expectObservable(source.pipe(ewma(1_000, scheduler))).toBe(expected, { a: 8, b: 8, c: 4 });
    });
  });
});

describe('both', () => {
  const inputs = fc.array(fc.record({ number: fc.integer({ min: -50, max: 50 }), wait: fc.nat({ max: 100 }) }), { minLength: 1, maxLength: 30 });

  it.each([['movingAverage', movingAverage], ['ewma', ewma]] as const)('%s stays between the extremes, and is the number where there is one', (_, operator) => {
    fc.assert(
      fc.property(inputs, fc.integer({ min: 1, max: 300 }), (given, length) => {
        const scheduler = new VirtualTimeScheduler();
        const source = new Subject<number>();
        const means: number[] = [];
        source.pipe(operator(length, scheduler)).subscribe((mean) => means.push(mean));
        for (const { number, wait } of given) {
          scheduler.frame += wait;
          source.next(number);
        }
        const numbers = given.map(({ number }) => number);
        expect(means).toHaveLength(given.length);
        expect(Math.min(...means)).toBeGreaterThanOrEqual(Math.min(...numbers) - 1e-9);
        expect(Math.max(...means)).toBeLessThanOrEqual(Math.max(...numbers) + 1e-9);
      }),
    );
  });

  it('movingAverage is the integral over the window, however inputs fall', () => {
    fc.assert(
      fc.property(inputs, fc.integer({ min: 1, max: 300 }), (given, length) => {
        const scheduler = new VirtualTimeScheduler();
        const source = new Subject<number>();
        let last = NaN;
        source.pipe(movingAverage(length, scheduler)).subscribe((mean) => (last = mean));
        /** The number that held in each millisecond so far. */
        const held: number[] = [];
        let present: number | undefined;
        for (const { number, wait } of given) {
          held.push(...(present === undefined ? [] : new Array<number>(wait).fill(present)));
          scheduler.frame += wait;
          source.next(number);
          present = number;
        }
        const window = held.slice(-length);
        const expected = window.length === 0 ? given.at(-1)?.number : window.reduce((sum, number) => sum + number, 0) / window.length;
        expect(last).toBeCloseTo(expected ?? NaN, 8);
      }),
    );
  });

  it.each([[0], [-1], [NaN], [2 ** 31], ['5']])('refuse a length of %s', (length) => {
    expect(() => movingAverage(length as never)).toThrow(/^ms must be a finite number above 0 to 2147483647/);
    expect(() => ewma(length as never)).toThrow(/^halfLife must be a finite number above 0 to 2147483647/);
  });
});
