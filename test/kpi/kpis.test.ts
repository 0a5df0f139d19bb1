/** Several formulas of one snapshot: one emission per answer. */
import { of, Subject } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { describe, expect, it, vi } from 'vitest';
import { StatisticsOptionError, type StatisticValue } from '../../src/index.js';
import { abandonRate, answerRate, kpis } from '../../src/kpi/index.js';

const value = (content: unknown): StatisticValue => ({ objectId: 'Sales@SIP', objectType: 'Queue', timestamp: 1, value: content });
const calls = (answered: unknown, abandoned: unknown) => ({ answered: value(answered), abandoned: value(abandoned) });

describe('kpis', () => {
  it('emits all results together when any of them changed', () => {
    new TestScheduler((actual, expected) => expect(actual).toEqual(expected)).run(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold(' a-b-c-d-|', { a: calls(0, 0), b: calls(3, 1), c: calls(6, 2), d: calls(6, 6) });
      const expected = '    a-b---d-|';
      const results$ = source.pipe(kpis({ reached: answerRate, lost: abandonRate, answered: ({ answered }) => (answered === 0 ? 0 : 1) }));
      expectObservable(results$).toBe(expected, {
        a: { reached: null, lost: null, answered: 0 },
        b: { reached: 75, lost: 25, answered: 1 },
        d: { reached: 50, lost: 50, answered: 1 },
      });
      expectSubscriptions(source.subscriptions).toBe('^-------!');
    });
  });

  it('emits when the second of two results changed', () => {
    const results: unknown[] = [];
    of(calls(1, 1), calls(1, 2)).pipe(kpis({ first: () => 7, second: ({ abandoned }) => abandoned })).subscribe((each) => results.push(each));
    expect(results).toEqual([{ first: 7, second: 1 }, { first: 7, second: 2 }]);
  });

  it('calls each formula once per snapshot', () => {
    const formula = vi.fn(abandonRate);
    const snapshots = new Subject<ReturnType<typeof calls>>();
    snapshots.pipe(kpis({ lost: formula })).subscribe();
    snapshots.next(calls(1, 1));
    snapshots.next(calls(1, 1));
    expect(formula).toHaveBeenCalledTimes(2);
  });

  it('emits frozen results, and null for anything but a finite number', () => {
    const results: object[] = [];
    of(calls(1, 1)).pipe(kpis({ nan: () => NaN, negative: () => -0 })).subscribe((each) => results.push(each));
    expect(results).toStrictEqual([{ nan: null, negative: 0 }]);
    expect(Object.isFrozen(results[0])).toBe(true);
  });

  it('errors where a formula throws', () => {
    const errors: unknown[] = [];
    const failure = new Error('no');
    const fails = (): never => {
      throw failure;
    };
    of(calls(1, 1)).pipe(kpis({ fails })).subscribe({ error: (error: unknown) => errors.push(error) });
    expect(errors).toEqual([failure]);
  });

  it.each([[{}], [[]], [undefined], [abandonRate], [{ lost: 7 }]])('refuses %j', (formulas) => {
    expect(() => kpis(formulas as never)).toThrow(StatisticsOptionError);
  });
});
