/** Whether something has been so for a while. */
import { Subject, take, VirtualTimeScheduler } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { sustained, threshold } from '../../../src/kpi/index.js';
import { run, valueAt } from './support.js';

const many = (waiting: number): boolean => waiting > 10;

describe('sustained', () => {
  it('is true by a timer once the predicate has held, and false as soon as it does not', () => {
    run(({ hot, expectObservable, expectSubscriptions, scheduler }) => {
      const source = hot('      a-b-c------a-b-a------|', { a: 3, b: 11, c: 12 });
      const expected = '        f------t---f----------|';
      expectObservable(source.pipe(sustained(many, 5, scheduler))).toBe(expected, { f: false, t: true });
      expectSubscriptions(source.subscriptions).toBe('^---------------------!');
    });
  });

  it('says false of a first input that holds, until it has held', () => {
    run(({ hot, expectObservable, scheduler }) => {
      expectObservable(hot('b-----', { b: 11 }).pipe(sustained(many, 3, scheduler)), '^-----!').toBe('f--t', { f: false, t: true });
    });
  });

  it('does not begin anew with each input that holds', () => {
    run(({ hot, expectObservable, scheduler }) => {
      expectObservable(hot('b-c-b-c-', { b: 11, c: 12 }).pipe(sustained(many, 5, scheduler)), '^-------!').toBe('f----t', { f: false, t: true });
    });
  });

  it('needs no time where it has to hold for none', () => {
    run(({ hot, expectObservable, scheduler }) => {
      expectObservable(hot('a-b-a', { a: 1, b: 11 }).pipe(sustained(many, 0, scheduler))).toBe('f-t-f', { f: false, t: true });
    });
  });

  it('reads statistics, ignores null, and takes anything else as it is', () => {
    run(({ hot, expectObservable, scheduler }) => {
      const statistics$ = hot('n-a-x---', { n: valueAt(null), a: valueAt(11), x: null });
      expectObservable(statistics$.pipe(sustained(many, 3, scheduler)), '^-------!').toBe('--f--t', { f: false, t: true });
      const levels$ = hot('a-b-----', { a: 3, b: 25 }).pipe(threshold({ side: 'above', warning: 10, error: 20 }));
      expectObservable(levels$.pipe(sustained((level) => level === 'error', 3, scheduler)), '^-------!').toBe('f----t', { f: false, t: true });
    });
  });

  it('completes with its source, and says no more', () => {
    run(({ hot, expectObservable, scheduler }) => {
      expectObservable(hot('b-|', { b: 11 }).pipe(sustained(many, 5, scheduler))).toBe('f-|', { f: false });
      expectObservable(hot('b-#', { b: 11 }).pipe(sustained(many, 5, scheduler))).toBe('f-#', { f: false });
    });
  });

  it('errors where the predicate throws', () => {
    run(({ hot, expectObservable, scheduler }) => {
      const failure = new Error('no');
      const fails = (): never => {
        throw failure;
      };
      expectObservable(hot('-a', { a: 1 }).pipe(sustained(fails, 5, scheduler))).toBe('-#', {}, failure);
    });
  });

  it('leaves no timer behind when it is unsubscribed, also while it emits', () => {
    const scheduler = new VirtualTimeScheduler();
    const source = new Subject<number>();
    source.pipe(sustained(many, 10, scheduler)).subscribe().add(() => undefined);
    const second = source.pipe(sustained(many, 10, scheduler), take(1)).subscribe();
    source.next(11);
    expect(second.closed).toBe(true);
    source.complete();
    expect(scheduler.actions.filter(({ closed }) => !closed)).toEqual([]);
  });

  it('refuses what does not fit', () => {
    expect(() => sustained(7 as never, 5)).toThrow(/^predicate must be a function, got 7$/);
    expect(() => sustained(many, -1)).toThrow(/^ms must be a finite number from 0 to 2147483647, got -1$/);
  });
});
