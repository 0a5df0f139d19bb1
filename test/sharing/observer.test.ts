/** Which values an observer is told, and with what each is compared. */
import { Observable } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { ValueWatcher, type Distinct } from '../../src/sharing/observer.js';
import type { StatisticValue } from '../../src/index.js';

const valueOf = (value: number): StatisticValue => ({ name: 'a', objectId: 'Sales@SIP', objectType: 'Queue', timestamp: null, value });

/** What an observer hears of values, each of which is a change, or is only confirmed. */
function hear(values: readonly (readonly [number, 'news' | 'confirmed'])[], distinct?: Distinct): unknown[] {
  const heard: unknown[] = [];
  new Observable<StatisticValue>((subscriber) => {
    const watcher = new ValueWatcher(subscriber, distinct, undefined);
    values.forEach(([value, how]) => watcher.value(valueOf(value), how === 'confirmed'));
  }).subscribe({ next: ({ value }) => heard.push(value), error: (error: unknown) => heard.push(error) });
  return heard;
}

describe('an observer of values', () => {
  it('G5: hears of changes, and of nothing that is only confirmed', () => {
    expect(hear([[1, 'news'], [1, 'confirmed'], [2, 'news'], [2, 'confirmed']])).toEqual([1, 2]);
  });

  it('with `distinct` is told what is news to it: compared with the last it heard, neither the first nor one it passed over', () => {
    const byTen: Distinct = (a, b) => Math.abs(Number(b.value) - Number(a.value)) < 10;
    expect(hear([[0, 'news'], [6, 'news'], [12, 'news'], [18, 'news'], [4, 'news'], [1, 'news']], byTen)).toEqual([0, 12, 1]);
  });

  it('with a `distinct` that lets all pass is told of what is confirmed, too', () => {
    expect(hear([[1, 'news'], [1, 'confirmed']], () => false)).toEqual([1, 1]);
  });

  it('F94: whose `distinct` throws hears just that', () => {
    const mine = new Error('mine');
    const spoilt: Distinct = () => {
      throw mine;
    };
    expect(hear([[1, 'news'], [2, 'news'], [3, 'news']], spoilt)).toEqual([1, mine]);
  });
});
