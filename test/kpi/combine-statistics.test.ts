/** Bursts become one emission; the rest is as combineLatest has it. */
import fc from 'fast-check';
import { combineLatest, defer, EMPTY, from, NEVER, of, Subject, throwError, type Observable } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { describe, expect, it, vi } from 'vitest';
import { StatisticsOptionError } from '../../src/index.js';
import { combineStatistics } from '../../src/kpi/index.js';

const microtasks = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function run(test: Parameters<TestScheduler['run']>[0]): void {
  new TestScheduler((actual, expected) => expect(actual).toEqual(expected)).run(test);
}

describe('combineStatistics', () => {
  it('emits once per burst, from when every input has emitted', () => {
    run(({ hot, expectObservable, expectSubscriptions }) => {
      const a = hot('        1-2--3-----|');
      const b = hot('        --1--2--3----|');
      const subscription = ' ^------------!';
      const expected = '     --a--b--c----|';
      const values = { a: { a: '2', b: '1' }, b: { a: '3', b: '2' }, c: { a: '3', b: '3' } };
      expectObservable(combineStatistics({ a, b })).toBe(expected, values);
      expectSubscriptions(a.subscriptions).toBe('^----------!');
      expectSubscriptions(b.subscriptions).toBe(subscription);
    });
  });

  it('conflates a burst within one input to its newest value', () => {
    run(({ hot, expectObservable }) => {
      const a = hot('     (12)-----3');
      const b = hot('     1----(234)');
      const expected = '  a----b---c';
      const values = { a: ['2', '1'], b: ['2', '4'], c: ['3', '4'] };
      expectObservable(combineStatistics([a, b])).toBe(expected, values);
    });
  });

  it('passes an error on at once, without the pending snapshot, and unsubscribes the others', () => {
    run(({ hot, expectObservable, expectSubscriptions }) => {
      const a = hot('   1--2-');
      const b = hot('   1--#');
      expectObservable(combineStatistics([a, b])).toBe('a--#', { a: ['1', '1'] });
      expectSubscriptions(a.subscriptions).toBe('^--!');
    });
  });

  it('unsubscribes every input, and emits nothing after', () => {
    run(({ hot, expectObservable, expectSubscriptions }) => {
      const a = hot('        1-2-');
      const b = hot('        1---');
      const unsubscribed = ' ^-! ';
      expectObservable(combineStatistics([a, b]), unsubscribed).toBe('a', { a: ['1', '1'] });
      expectSubscriptions(a.subscriptions).toBe(unsubscribed);
      expectSubscriptions(b.subscriptions).toBe(unsubscribed);
    });
  });

  it('completes when one completes without a value', () => {
    run(({ hot, expectObservable, expectSubscriptions }) => {
      const a = hot('        1----');
      const b = hot('        --|');
      expectObservable(combineStatistics([a, b])).toBe('--|');
      expectSubscriptions(a.subscriptions).toBe('^-!');
    });
  });

  it('emits the pending snapshot before it completes', () => {
    run(({ hot, expectObservable }) => {
      expectObservable(combineStatistics([hot('1-(2|)'), hot('1-(3|)')])).toBe('a-(b|)', { a: ['1', '1'], b: ['2', '3'] });
    });
  });

  it.each<[string, Observable<unknown>[], unknown[]]>([
    ['values', [of(1, 2), of(3)], [[2, 3], 'complete']],
    ['nothing', [EMPTY, NEVER], ['complete']],
    ['an error', [of(1), throwError(() => 'no'), of(2)], ['no']],
  ])('settles synchronously on inputs that give %s so', (_, sources, expected) => {
    const heard: unknown[] = [];
    combineStatistics(sources).subscribe({
      next: (snapshot) => heard.push(snapshot),
      error: (error: unknown) => heard.push(error),
      complete: () => heard.push('complete'),
    });
    expect(heard).toEqual(expected);
  });

  it('does not subscribe to what comes after an input that failed', () => {
    const later = vi.fn(() => NEVER);
    combineStatistics([throwError(() => 'no'), defer(later)]).subscribe({ error: () => undefined });
    expect(later).not.toHaveBeenCalled();
  });

  it('emits in a microtask in real time, and once again for what arrives while it emits', async () => {
    const [a, b] = [new Subject<number>(), new Subject<number>()];
    const heard: unknown[] = [];
    combineStatistics({ a, b }).subscribe((snapshot) => {
      heard.push(snapshot);
      if (snapshot.a === 2) {
        a.next(3);
        b.next(3);
      }
    });
    a.next(1);
    b.next(1);
    a.next(2);
    expect(heard).toEqual([]);
    await microtasks();
    expect(heard).toEqual([{ a: 2, b: 1 }, { a: 3, b: 3 }]);
  });

  it('drops what is pending when it is unsubscribed before the microtask', async () => {
    const source = new Subject<number>();
    const heard: unknown[] = [];
    const subscription = combineStatistics([source]).subscribe((snapshot) => heard.push(snapshot));
    source.next(1);
    subscription.unsubscribe();
    await microtasks();
    expect(heard).toEqual([]);
    expect(source.observed).toBe(false);
  });

  it('gives frozen snapshots with the keys it was given (G12)', () => {
    const sources = JSON.parse('{"__proto__": 0, "a": 0}') as Record<string, never>;
    for (const key of Object.keys(sources)) {
      Object.defineProperty(sources, key, { value: of(key), enumerable: true });
    }
    const heard: object[] = [];
    combineStatistics(sources).subscribe((snapshot) => heard.push(snapshot));
    expect(JSON.stringify(heard)).toBe('[{"__proto__":"__proto__","a":"a"}]');
    expect(Object.isFrozen(heard[0])).toBe(true);
  });

  it.each([[[]], [{}], [null], [undefined], ['ab'], [7]])('refuses %j', (sources) => {
    const attempt = () => combineStatistics(sources as never);
    expect(attempt).toThrow(StatisticsOptionError);
    expect(attempt).toThrow(/^sources must be a non-empty array or record of observables, got /);
  });

  it('ends each burst on what combineLatest ends it on', async () => {
    const burst = fc.array(fc.tuple(fc.nat(2), fc.nat()), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(fc.array(burst, { maxLength: 6 }), async (bursts) => {
        const inputs = [new Subject<number>(), new Subject<number>(), new Subject<number>()];
        const ours: unknown[] = [];
        const theirs: unknown[] = [];
        combineStatistics(inputs).subscribe((snapshot) => ours.push(snapshot));
        combineLatest(inputs).subscribe((snapshot) => theirs.push(snapshot));
        for (const values of bursts) {
          const before = [ours.length, theirs.length] as const;
          from(values).subscribe(([index, value]) => inputs[index]?.next(value));
          await Promise.resolve();
          const changed = theirs.length > before[1];
          expect(ours.slice(before[0])).toEqual(changed ? [theirs.at(-1)] : []);
        }
      }),
    );
  });
});
