/** What compiles and what does not: formulas against snapshots. */
import { map, of, Subject, type Observable } from 'rxjs';
import { describe, expectTypeOf, it } from 'vitest';
import type { Snapshot, StatisticSet, StatisticValue } from '../../src/index.js';
import { abandonRate, combineStatistics, kpi, readyShare, serviceLevel } from '../../src/kpi/index.js';

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
