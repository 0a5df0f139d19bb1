/** How fast a counter grows: by timestamps where they tell, else by the scheduler. */
import { describe, expect, it } from 'vitest';
import { rate } from '../../../src/kpi/index.js';
import { run, valueAt } from './support.js';

describe('rate', () => {
  it('divides the difference by the time of the scheduler where there are no timestamps', () => {
    run(({ hot, expectObservable, scheduler }) => {
      const source = hot('      a 9ms b 4ms c-|', { a: 10, b: 15, c: 16 });
      const expected = '        - 9ms b 4ms c-|';
      expectObservable(source.pipe(rate({ per: 100 }, scheduler))).toBe(expected, { b: 50, c: 20 });
    });
  });

  it('divides by the time between timestamps where both numbers have one', () => {
    run(({ hot, expectObservable, scheduler }) => {
      const source = hot('      a 9ms b 9ms c 9ms d', { a: valueAt(0, 1_000), b: valueAt(6, 3_000), c: valueAt(7, null), d: valueAt(8, 9_000) });
      const expected = '        - 9ms b 9ms c 9ms d';
      expectObservable(source.pipe(rate({ per: 1_000 }, scheduler))).toBe(expected, { b: 3, c: 100, d: 100 });
    });
  });

  it('does not trust timestamps that stand still or go back', () => {
    run(({ hot, expectObservable, scheduler }) => {
      const source = hot('      a 9ms b 9ms c 9ms d', { a: valueAt(0, 1_000), b: valueAt(5, 1_000), c: valueAt(7, 400), d: valueAt(9, 440) });
      const expected = '        - 9ms b 9ms c 9ms d';
      expectObservable(source.pipe(rate({ per: 10 }, scheduler))).toBe(expected, { b: 5, c: 2, d: 0.5 });
    });
  });

  it('counts the time once where a repeated timestamp moves on later', () => {
    run(({ hot, expectObservable, scheduler }) => {
      // The second input repeats the first; 10 of the 12 ms until the third have passed by then.
      const source = hot('      a 9ms b 4ms c', { a: valueAt(0, 100), b: valueAt(0, 100), c: valueAt(1, 112) });
      const expected = '        - 9ms b 4ms c';
      expectObservable(source.pipe(rate({ per: 2 }, scheduler))).toBe(expected, { b: 0, c: 1 });
    });
  });

  it('takes numbers that arrive with no time between them together with the next', () => {
    run(({ hot, expectObservable, scheduler }) => {
      const source = hot('      (abc) 5ms d|', { a: 1, b: 3, c: 1, d: 5 });
      const expected = '        ----- 5ms d|';
      // 2, then a reset that shows 1, then 4: 7 in 10 ms.
      expectObservable(source.pipe(rate({ per: 10 }, scheduler))).toBe(expected, { d: 7 });
    });
  });

  it('ignores what holds no number, and takes a fall as a reset', () => {
    run(({ hot, expectObservable, scheduler }) => {
      const source = hot('      a-n-b---c', { a: 4, n: null, b: 2, c: 2 });
      const expected = '        ----b---c';
      expectObservable(source.pipe(rate({ per: 4 }, scheduler))).toBe(expected, { b: 2, c: 0 });
    });
  });

  it.each([[0], [-1], [NaN], [Infinity], ['5'], [undefined]])('refuses per: %s', (per) => {
    expect(() => rate({ per } as never)).toThrow(/^per must be a finite number above 0 to 2147483647, got /);
  });

  it('refuses an option that is unknown', () => {
    expect(() => rate({ per: 1, over: 2 } as never)).toThrow('options has no "over", only per');
    expect(() => rate(5 as never)).toThrow('options must be an object with per, got 5');
  });
});
