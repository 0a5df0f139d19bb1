/** Types: formulas against snapshots, and typed statistics against objects. */
import { map, of, Subject, type Observable } from 'rxjs';
import { describe, expect, expectTypeOf, it } from 'vitest';
import type { Snapshot, StatisticSet, StatisticValue } from '../../src/index.js';
import {
  abandonRate,
  answerRate,
  combineStatistics,
  defineStatistic,
  figure,
  kpi,
  kpis,
  longestWait,
  readyShare,
  serviceLevel,
  statistics,
  sustained,
  threshold,
  type Figure,
} from '../../src/kpi/index.js';

/** As the client types it. */
const subscription$ = <const S extends StatisticSet>(_: S): Observable<Snapshot<S>> => new Subject();
const sales = { objectId: 'Sales@SIP', objectType: 'Queue' };
const answered = { name: 'Total_Answered', ...sales };
const abandoned = { name: 'Total_Abandoned', ...sales };

describe('kpi', () => {
  it('takes a snapshot with the keys of the formula, and more', () => {
    expectTypeOf(subscription$({ answered, abandoned }).pipe(kpi(abandonRate))).toEqualTypeOf<Observable<number | null>>();
    subscription$({ answered, abandoned, other: answered }).pipe(kpi(abandonRate));
    subscription$({ answered, abandoned, answeredWithin: answered }).pipe(kpi(serviceLevel));
    subscription$({ answered, abandoned, answeredWithin: answered, shortAbandoned: abandoned }).pipe(kpi(serviceLevel));
  });

  it('rejects a snapshot that lacks one', () => {
    // @ts-expect-error no `abandoned`
    subscription$({ answered }).pipe(kpi(abandonRate));
    // @ts-expect-error no keys at all
    subscription$([answered, abandoned]).pipe(kpi(abandonRate));
  });

  it('gives a formula written in place its keys', () => {
    subscription$({ answered, abandoned }).pipe(
      kpi((inputs) => {
        expectTypeOf(inputs).toEqualTypeOf<{ readonly answered: number | null; readonly abandoned: number | null }>();
        return inputs.answered;
      }),
    );
    subscription$({ answered, abandoned }).pipe(
      map((snapshot) => snapshot),
      kpi(({ answered }) => answered),
    );
    // @ts-expect-error `waiting` was not asked for
    subscription$({ answered }).pipe(kpi(({ waiting }) => waiting));
  });

  it('gives a tuple for a tuple', () => {
    subscription$([answered, abandoned]).pipe(
      kpi((inputs) => {
        expectTypeOf(inputs).toEqualTypeOf<readonly [number | null, number | null]>();
        return inputs[0];
      }),
    );
    subscription$([answered, abandoned]).pipe(kpi(([a]: readonly [number | null, number | null]) => a));
    // @ts-expect-error one member too few
    subscription$([answered]).pipe(kpi(([a]: readonly [number | null, number | null]) => a));
  });

  it('can be kept in a variable', () => {
    const rate = kpi(abandonRate);
    subscription$({ answered, abandoned }).pipe(rate);
    // @ts-expect-error no `abandoned`
    subscription$({ answered }).pipe(rate);
    const level = kpi(serviceLevel);
    subscription$({ answered, abandoned, answeredWithin: answered }).pipe(level);
  });

  it('rejects a formula of something else', () => {
    // @ts-expect-error numbers or null
    kpi((inputs: { answered: string }) => inputs.answered.length);
    // @ts-expect-error the number may be null
    subscription$({ answered }).pipe(kpi((inputs: { answered: number }) => inputs.answered));
  });
});

describe('kpis and figure', () => {
  it('take a snapshot with the keys of their formulas, and keep the names of the results', () => {
    const results$ = subscription$({ answered, abandoned }).pipe(kpis({ reached: answerRate, lost: abandonRate, both: (calls) => calls.answered }));
    expectTypeOf(results$).toEqualTypeOf<Observable<{ readonly reached: number | null; readonly lost: number | null; readonly both: number | null }>>();
    expectTypeOf(subscription$({ answered, abandoned }).pipe(figure(abandonRate))).toEqualTypeOf<Observable<Figure>>();
    subscription$([answered, abandoned]).pipe(figure(longestWait));
    subscription$([answered, abandoned]).pipe(kpi(longestWait));
  });

  it('take a snapshot that is typed by an interface, which has no index signature', () => {
    interface Calls {
      readonly answered: StatisticValue;
      readonly abandoned: StatisticValue;
    }
    const calls$ = new Subject<Calls>();
    calls$.pipe(kpi(abandonRate));
    calls$.pipe(kpis({ lost: abandonRate, both: (calls) => calls.answered }));
    calls$.pipe(figure(abandonRate));
    // @ts-expect-error no `answeredWithin`
    calls$.pipe(kpi(serviceLevel));
    // @ts-expect-error a number is no statistic's value
    new Subject<{ answered: number; abandoned: number }>().pipe(kpi(abandonRate));
  });

  it('figure can be kept in a variable', () => {
    const rate = figure(abandonRate);
    subscription$({ answered, abandoned }).pipe(rate);
    // @ts-expect-error no `abandoned`
    subscription$({ answered }).pipe(rate);
  });

  it('reject a snapshot that lacks one', () => {
    // @ts-expect-error no `abandoned`
    subscription$({ answered }).pipe(kpis({ reached: answerRate }));
    // @ts-expect-error no `abandoned`
    subscription$({ answered }).pipe(figure(abandonRate));
  });
});

describe('statistics', () => {
  it('take an id where there is one type of object, and id and type where there are several', () => {
    expectTypeOf(statistics.CurrentAgentState.of('kim').objectType).toEqualTypeOf<'Agent'>();
    subscription$({ answered: statistics.Total_Answered.of({ objectId: 'Sales@SIP', objectType: 'Queue' }), abandoned }).pipe(kpi(abandonRate));
    const own = defineStatistic({ name: 'Answered_In_20s', objectTypes: ['Queue', 'RoutePoint'], unit: 'count' });
    expectTypeOf(own.of({ objectId: 'a', objectType: 'Queue' }).objectType).toEqualTypeOf<'Queue' | 'RoutePoint'>();
    // @ts-expect-error several types fit
    expect(() => own.of('Sales@SIP')).toThrow();
    // @ts-expect-error not a type it is for
    expect(() => own.of({ objectId: 'a', objectType: 'Agent' })).toThrow();
    // @ts-expect-error not a type it is for
    expect(() => statistics.CurrentAgentState.of({ objectId: 'a', objectType: 'Queue' })).toThrow();
  });
});

describe('sustained', () => {
  it('asks about the number of a statistic, and about anything else as it is', () => {
    new Subject<StatisticValue>().pipe(sustained((waiting) => (expectTypeOf(waiting).toEqualTypeOf<number>(), waiting > 3), 10));
    new Subject<number | null>().pipe(sustained((waiting) => (expectTypeOf(waiting).toEqualTypeOf<number>(), waiting > 3), 10));
    new Subject<number>().pipe(threshold({ side: 'above', warning: 1, error: 2 }), sustained((level) => level === 'error', 10));
  });
});

describe('combineStatistics', () => {
  const value$ = new Subject<StatisticValue>();

  it('keeps the shape', () => {
    expectTypeOf(combineStatistics({ a: value$, b: of(1) })).toEqualTypeOf<
      Observable<{ readonly a: StatisticValue; readonly b: number }>
    >();
    expectTypeOf(combineStatistics([value$, of('x')])).toEqualTypeOf<Observable<readonly [StatisticValue, string]>>();
    expectTypeOf(combineStatistics([value$] as Observable<StatisticValue>[])).toEqualTypeOf<
      Observable<readonly StatisticValue[]>
    >();
  });

  it('goes with kpi and with map', () => {
    combineStatistics({ ready: value$, loggedIn: value$ }).pipe(kpi(readyShare));
    combineStatistics({ ready: of(1), loggedIn: of(2) }).pipe(map(readyShare));
    // @ts-expect-error no `loggedIn`
    combineStatistics({ ready: value$ }).pipe(kpi(readyShare));
  });
});
