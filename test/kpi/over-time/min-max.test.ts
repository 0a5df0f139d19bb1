/** The extremes of a window, which leave it by themselves. */
import fc from 'fast-check';
import { Subject, take, VirtualTimeScheduler } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { minMax, type Extremes } from '../../../src/kpi/index.js';
import { run, valueAt } from './support.js';

describe('minMax', () => {
  it('emits each change once, also when an extreme leaves the window with no input', () => {
    run(({ hot, expectObservable, expectSubscriptions, scheduler }) => {
      const source = hot('      a-b-c---------------|', { a: 5, b: 9, c: 7 });
      const expected = '        a-b---------d-e-----|';
      // Of 10 ms: 5 held until 2 and leaves at 12; 9 held until 4 and leaves at 14.
      expectObservable(source.pipe(minMax(10, scheduler))).toBe(expected, {
        a: { min: 5, max: 5 },
        b: { min: 5, max: 9 },
        d: { min: 7, max: 9 },
        e: { min: 7, max: 7 },
      });
      expectSubscriptions(source.subscriptions).toBe('^-------------------!');
    });
  });

  it('keeps a number in the window from when it was replaced on', () => {
    run(({ hot, expectObservable, scheduler }) => {
      const source = hot('      a 99ms b 9ms -', { a: 5, b: 7 });
      const expected = '        a 99ms b 9ms c';
      expectObservable(source.pipe(minMax(10, scheduler))).toBe(expected, { a: { min: 5, max: 5 }, b: { min: 5, max: 7 }, c: { min: 7, max: 7 } });
    });
  });

  it('says nothing of an input that changes no extreme, nor of one without a number', () => {
    run(({ hot, expectObservable, scheduler }) => {
      const source = hot('      a-b-c-n-c', { a: 5, b: 9, c: 7, n: null });
      const expected = '        a-b------';
      expectObservable(source.pipe(minMax(100, scheduler)), '^---------!').toBe(expected, { a: { min: 5, max: 5 }, b: { min: 5, max: 9 } });
    });
  });

  it('goes by timestamps between inputs, and by the scheduler after the last', () => {
    run(({ hot, expectObservable, scheduler }) => {
      const source = hot('      a-b', { a: valueAt(5, 1_000), b: valueAt(6, 2_000) });
      const expected = '        a-b 999ms c';
      expectObservable(source.pipe(minMax(1_000, scheduler)), '^ 2s !').toBe(expected, { a: { min: 5, max: 5 }, b: { min: 5, max: 6 }, c: { min: 6, max: 6 } });
    });
  });

  it('leaves no timer behind when it is unsubscribed, also while it emits, nor after an error', () => {
    const scheduler = new VirtualTimeScheduler();
    const [left, failed] = [new Subject<number>(), new Subject<number>()];
    left.pipe(minMax(10, scheduler), take(2)).subscribe();
    failed.pipe(minMax(10, scheduler)).subscribe({ error: () => undefined });
    for (const number of [1, 2, 3]) {
      left.next(number);
      failed.next(number);
    }
    expect(left.observed).toBe(false);
    failed.error(new Error('no'));
    expect(scheduler.actions.filter(({ closed }) => !closed)).toEqual([]);
  });

  it('is what a look back over the window finds, at every millisecond', () => {
    const inputs = fc.array(fc.record({ number: fc.integer({ min: 0, max: 9 }), wait: fc.integer({ min: 1, max: 9 }) }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(inputs, fc.integer({ min: 1, max: 25 }), (given, length) => {
        run(({ hot, flush, scheduler }) => {
          const [held, shown]: [number[], (Extremes | undefined)[]] = [[], []];
          let last: Extremes | undefined;
          const source = hot(given.map(({ wait }, index) => `${'-'.repeat(wait - 1)}${String.fromCharCode(97 + index)}`).join('') + ` ${length + 5}ms |`,
            Object.fromEntries(given.map(({ number }, index) => [String.fromCharCode(97 + index), number])));
          source.subscribe((number) => (held[scheduler.now()] = number));
          source.pipe(minMax(length, scheduler)).subscribe((extremes) => {
            last = extremes;
            shown[scheduler.now()] = last;
          });
          flush();
          let present: number | undefined;
          const past: (number | undefined)[] = [];
          let said: Extremes | undefined;
          const end = given.reduce((sum, { wait }) => sum + wait, 0) + length;
          for (let now = 0; now < end; now++) {
            // Held during [now - 1, now) and now.
            past.push(present);
            present = held[now] ?? present;
            said = shown[now] ?? said;
            const window = [...past.slice(-length), present].filter((number) => number !== undefined);
            expect(said).toEqual(window.length === 0 ? undefined : { min: Math.min(...window), max: Math.max(...window) });
          }
        });
      }),
      { numRuns: 50 },
    );
  });

  it.each([[0], [NaN], [2 ** 31]])('refuses a window of %s', (ms) => {
    expect(() => minMax(ms)).toThrow(/^ms must be a finite number above 0 to 2147483647/);
  });
});
