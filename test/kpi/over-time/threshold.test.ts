/** Levels with hysteresis. */
import fc from 'fast-check';
import { from, of, type Observable } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { StatisticsOptionError } from '../../../src/index.js';
import { threshold, type ThresholdOptions } from '../../../src/kpi/index.js';
import { run, valueAt } from './support.js';

function valuesOf<T>(source: Observable<T>): T[] {
  const values: T[] = [];
  source.subscribe((value) => values.push(value));
  return values;
}

const waiting: ThresholdOptions = { side: 'above', warning: 10, error: 20, worst: 30, hysteresis: 2 };

describe('threshold', () => {
  it('emits the first level, and each change once', () => {
    run(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('a-b-c-d-|', { a: 3, b: 5, c: 12, d: 13 });
      expectObservable(source.pipe(threshold(waiting))).toBe('a---c---|', { a: 'normal', c: 'warning' });
      expectSubscriptions(source.subscriptions).toBe('^-------!');
    });
  });

  it.each([
    ['enters a level at its bound', waiting, [9.9, 10, 20, 30], ['normal', 'warning', 'error', 'worst']],
    ['may skip levels', waiting, [0, 99, 0], ['normal', 'worst', 'normal']],
    ['leaves a level only when it is back by the hysteresis', waiting, [10, 9, 8.1, 8], ['warning', 'normal']],
    ['leaves each level by its own bound', waiting, [31, 28.5, 28, 18.5, 18], ['worst', 'error', 'warning']],
    ['raises no alarm for a number that wavers about a bound', waiting, [20, 19, 20, 19, 21, 19], ['error']],
    ['goes up from a level that is held', waiting, [10, 9, 20, 9, 8], ['warning', 'error', 'warning', 'normal']],
    ['leaves at once without hysteresis', { side: 'above', warning: 10, error: 20 }, [10, 9.9, 25, 19.9], ['warning', 'normal', 'error', 'warning']],
    ['knows that small numbers may be bad', { side: 'below', warning: 80, error: 60, hysteresis: 5 }, [90, 80, 84, 85, 60, 64, 65], ['normal', 'warning', 'normal', 'error', 'warning']],
    ['has no worst level unless it is given', { side: 'above', warning: 10, error: 20 }, [1e9], ['error']],
    ['may have equal bounds', { side: 'above', warning: 10, error: 10 }, [9, 10], ['normal', 'error']],
  ] as const)('%s', (_, options, numbers, levels) => {
    expect(valuesOf(from(numbers).pipe(threshold(options)))).toEqual(levels);
  });

  it('reads statistics, and ignores what holds no number', () => {
    expect(valuesOf(of(null, valueAt(null), valueAt(25), null, valueAt(3)).pipe(threshold(waiting)))).toEqual(['error', 'normal']);
  });

  it('without hysteresis depends on the number alone; with it, is never below that level', () => {
    const order = ['normal', 'warning', 'error', 'worst'];
    const plain = (number: number): string => (number >= 30 ? 'worst' : number >= 20 ? 'error' : number >= 10 ? 'warning' : 'normal');
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1 }), fc.nat({ max: 15 }), (numbers, hysteresis) => {
        const last = (options: ThresholdOptions): string => valuesOf(from(numbers).pipe(threshold(options))).at(-1) ?? '';
        const expected = plain(numbers.at(-1) ?? 0);
        expect(last({ ...waiting, hysteresis: 0 })).toBe(expected);
        expect(order.indexOf(last({ ...waiting, hysteresis }))).toBeGreaterThanOrEqual(order.indexOf(expected));
      }),
    );
  });

  it('is the same from below with every sign turned', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 40 })), (numbers) => {
        const below = threshold({ side: 'below', warning: -10, error: -20, worst: -30, hysteresis: 2 });
        expect(valuesOf(from(numbers.map((number) => -number)).pipe(below))).toEqual(valuesOf(from(numbers).pipe(threshold(waiting))));
      }),
    );
  });

  it.each([
    [{ ...waiting, side: 'up' }, /^side must be 'above' or 'below', got "up"$/],
    [{ ...waiting, warning: undefined }, /^warning must be a finite number/],
    [{ ...waiting, error: 5 }, /^error must be no closer to normal than warning with side 'above', got 5$/],
    [{ ...waiting, worst: 15 }, /^worst must be no closer to normal than error/],
    [{ side: 'below', warning: 10, error: 20 }, /^error must be no closer to normal than warning with side 'below', got 20$/],
    [{ ...waiting, hysteresis: -1 }, /^hysteresis must be/],
    [{ ...waiting, critical: 40 }, /^options has no "critical"/],
    [undefined, /^options must be an object/],
  ])('refuses %j', (options, message) => {
    expect(() => threshold(options as never)).toThrow(StatisticsOptionError);
    expect(() => threshold(options as never)).toThrow(message);
  });
});
