/** The values that an observer emits, and the values that it compares them with. */
import { Observable } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { ValueObserver } from '../../src/sharing/observer.js';
import type { Distinct, StatisticValue } from '../../src/index.js';

const valueOf = (value: number): StatisticValue => ({ name: 'a', objectId: 'Sales@SIP', objectType: 'Queue', timestamp: null, value });

/** The values that an observer emits if it is given these, each marked as new or unchanged. */
function hear(values: readonly (readonly [number, 'news' | 'unchanged'])[], distinct?: Distinct): unknown[] {
  const heard: unknown[] = [];
  new Observable<StatisticValue>((subscriber) => {
    const observer = new ValueObserver<StatisticValue>(subscriber, undefined, () => undefined, distinct, undefined);
    values.forEach(([value, how]) => observer.value(valueOf(value), how === 'unchanged'));
  }).subscribe({ next: ({ value }) => heard.push(value), error: (error: unknown) => heard.push(error) });
  return heard;
}

describe('an observer of values', () => {
  it('G5: emits changes only', () => {
    expect(hear([[1, 'news'], [1, 'unchanged'], [2, 'news'], [2, 'unchanged']])).toEqual([1, 2]);
  });

  it('with `distinct` compares each value with the last emitted one', () => {
    const byTen: Distinct = (a, b) => Math.abs(Number(b.value) - Number(a.value)) < 10;
    expect(hear([[0, 'news'], [6, 'news'], [12, 'news'], [18, 'news'], [4, 'news'], [1, 'news']], byTen)).toEqual([0, 12, 1]);
  });

  it('with a `distinct` that is never true emits unchanged values as well', () => {
    expect(hear([[1, 'news'], [1, 'unchanged']], () => false)).toEqual([1, 1]);
  });

  it('F94: errors with the error that its `distinct` throws', () => {
    const mine = new Error('mine');
    const spoilt: Distinct = () => {
      throw mine;
    };
    expect(hear([[1, 'news'], [2, 'news'], [3, 'news']], spoilt)).toEqual([1, mine]);
  });
});
