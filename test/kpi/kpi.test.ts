/** The operator: what a formula is given, when it is called and what is emitted. */
import { map, Subject } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { describe, expect, it, vi } from 'vitest';
import type { StatisticValue } from '../../src/index.js';
import { abandonRate, kpi, type KpiSnapshot } from '../../src/kpi/index.js';

const value = (content: unknown): StatisticValue => ({
  name: 'Total_Answered',
  objectId: 'Sales@SIP',
  objectType: 'Queue',
  timestamp: 1,
  value: content,
});
const calls = (answered: unknown, abandoned: unknown) => ({ answered: value(answered), abandoned: value(abandoned) });

function run(test: Parameters<TestScheduler['run']>[0]): void {
  new TestScheduler((actual, expected) => expect(actual).toEqual(expected)).run(test);
}

describe('kpi', () => {
  it('emits the first result, then each change', () => {
    run(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('  a-b-c-d-e-|', {
        a: calls(0, 0),
        b: calls(1, 0),
        c: calls(2, 0), // still 0 %
        d: calls(2, { intValue: 2 }),
        e: calls('?', 1),
      });
      const expected = '     a-b---d-e-|';
      expectObservable(source.pipe(kpi(abandonRate))).toBe(expected, { a: null, b: 0, d: 50, e: null });
      expectSubscriptions(source.subscriptions).toBe('^---------!');
    });
  });

  it('unsubscribes its source, and passes its error on', () => {
    run(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('   a-b-#', { a: calls(1, 0), b: calls(1, 1) });
      expectObservable(source.pipe(kpi(abandonRate)), '^--!').toBe('a-b', { a: 0, b: 50 });
      expectObservable(source.pipe(kpi(abandonRate))).toBe('        a-b-#', { a: 0, b: 50 });
      expectSubscriptions(source.subscriptions).toBe(['^--!', '^---!']);
    });
  });

  it('errors where the formula throws', () => {
    run(({ cold, expectObservable }) => {
      const failure = new Error('no');
      const source = cold('a-b', { a: calls(1, 1), b: calls(null, 1) });
      const formula = ({ answered }: { answered: number | null }) => {
        if (answered === null) {
          throw failure;
        }
        return answered;
      };
      expectObservable(source.pipe(kpi(formula))).toBe('1-#', { 1: 1 }, failure);
    });
  });

  it('G6, I13: calls the formula once per snapshot and observer', () => {
    const snapshots = new Subject<ReturnType<typeof calls>>();
    const formula = vi.fn(abandonRate);
    const subscription = snapshots.pipe(kpi(formula)).subscribe();
    snapshots.next(calls(1, 1));
    snapshots.next(calls(1, 1));
    expect(formula).toHaveBeenCalledTimes(2);
    subscription.unsubscribe();
    snapshots.next(calls(1, 2));
    expect(formula).toHaveBeenCalledTimes(2);
  });

  it.each<[string, KpiSnapshot, unknown]>([
    ['a record', { a: value(1), b: value({ intValue: 2 }) }, { a: 1, b: 2 }],
    ['decimals and text', { a: value({ intValue: 2, stringValue: '2.25' }), b: value('3') }, { a: 2.25, b: null }],
    ['a tuple', [value(1), value(null)], [1, null]],
    ['an odd key', JSON.parse('{"__proto__": {"value": 4}}') as KpiSnapshot, JSON.parse('{"__proto__": 4}')],
  ])('gives the formula the numbers of %s', (_, snapshot, inputs) => {
    const given: unknown[] = [];
    const snapshots = new Subject<KpiSnapshot>();
    snapshots.pipe(kpi((read) => (given.push(read), null))).subscribe();
    snapshots.next(snapshot);
    expect(given).toStrictEqual([inputs]);
    expect(Object.keys(given[0] as object)).toEqual(Object.keys(snapshot));
  });

  it.each([
    [1.5, 1.5],
    [NaN, null],
    [Infinity, null],
    [-Infinity, null],
    [-0, 0],
    [undefined as unknown as null, null],
    ['7' as unknown as null, null],
  ])('emits the result %s as %s', (result, emitted) => {
    const results: unknown[] = [];
    const snapshots = new Subject<ReturnType<typeof calls>>();
    snapshots.pipe(kpi(() => result), map((number) => number)).subscribe((number) => results.push(number));
    snapshots.next(calls(1, 1));
    expect(results).toStrictEqual([emitted]);
  });
});
