/** The steps of a growing counter. */
import fc from 'fast-check';
import { from, of, type Observable } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { delta } from '../../../src/kpi/index.js';
import { run, valueAt } from './support.js';

function valuesOf<T>(source: Observable<T>): T[] {
  const values: T[] = [];
  source.subscribe((value) => values.push(value));
  return values;
}

describe('delta', () => {
  it('emits the difference to the number before, from the second on', () => {
    run(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('a-b-c-d-|', { a: 10, b: 12, c: 12, d: 15 });
      expectObservable(source.pipe(delta())).toBe('--b-c-d-|', { b: 2, c: 0, d: 3 });
      expectSubscriptions(source.subscriptions).toBe('^-------!');
    });
  });

  it('takes a fall as a reset: the new number itself was counted since', () => {
    expect(valuesOf(of(10, 15, 2, 0, 3).pipe(delta()))).toEqual([5, 2, 0, 3]);
  });

  it('reads statistics, and ignores what holds no number', () => {
    expect(valuesOf(of(valueAt(1), valueAt(null), null, NaN, Infinity, valueAt(4.5)).pipe(delta()))).toEqual([3.5]);
  });

  it('passes an error on, and begins anew for each subscriber', () => {
    run(({ cold, expectObservable }) => {
      const source$ = cold('a-b-#', { a: 1, b: 3 }).pipe(delta());
      expectObservable(source$).toBe('--b-#', { b: 2 });
      expectObservable(source$, '^--!').toBe('--b', { b: 2 });
    });
  });

  it('adds up to all that was counted, over any number of resets', () => {
    const step = fc.record({ more: fc.nat({ max: 9 }), reset: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        let [shown, counted] = [0, 0];
        const readings = [0];
        for (const { more, reset } of steps) {
          // A reset that has already counted as much as was shown before cannot be told.
          const isTold = reset && more < shown;
          shown = isTold ? more : shown + more;
          counted += more;
          readings.push(shown);
        }
        expect(valuesOf(from(readings).pipe(delta())).reduce((sum, each) => sum + each, 0)).toBe(counted);
      }),
    );
  });
});
