/** What the types promise: the shape that went in comes out, and wrong arguments do not compile. */
import type { Observable } from 'rxjs';
import { describe, expectTypeOf, it } from 'vitest';
import { fileJournal } from '../../src/node/index.js';
import { createJournal, createStatisticsClient, numeric, peekFallback, type Fallback, type Journal, type JournalStore, type StatisticRequest, type StatisticsApiError, type StatisticsEvent, type StatisticState, type StatisticValue } from '../../src/index.js';

const client = createStatisticsClient({ baseUrl: 'https://host/statistics/v3' });
const queue = { objectId: 'Sales@SIP', objectType: 'Queue' };
const a = { name: 'a', ...queue };
const inline = { definition: { category: 'CurrentState', subject: 'DNStatus', mainMask: '*', anything: 1 }, ...queue };

describe('types', () => {
  it('a record in gives a record with the same keys', () => {
    expectTypeOf(client.subscription$({ answered: a, state: inline })).toEqualTypeOf<
      Observable<{ readonly answered: StatisticValue; readonly state: StatisticValue }>
    >();
    expectTypeOf(client.peekAll$({ x: a })).toEqualTypeOf<Observable<{ readonly x: StatisticValue }>>();
  });

  it('an array gives a tuple, a list of unknown length a list', () => {
    expectTypeOf(client.subscription$([a, inline])).toEqualTypeOf<Observable<readonly [StatisticValue, StatisticValue]>>();
    const list: StatisticRequest[] = [a];
    expectTypeOf(client.subscription$(list)).toExtend<Observable<readonly StatisticValue[]>>();
  });

  it('a value is unknown until it is read', () => {
    expectTypeOf(client.statistic$('a', queue)).toEqualTypeOf<Observable<StatisticValue>>();
    expectTypeOf<StatisticValue['value']>().toBeUnknown();
    expectTypeOf<StatisticValue['timestamp']>().toEqualTypeOf<number | null>();
    expectTypeOf(client.statistic$('a', queue).pipe(numeric())).toEqualTypeOf<Observable<number | null>>();
    expectTypeOf(client.statisticState$(inline.definition, queue)).toEqualTypeOf<Observable<StatisticState>>();
  });

  it('distinct gets two values, or two snapshots', () => {
    client.statistic$('a', queue, { distinct: (x, y) => x.timestamp === y.timestamp });
    client.subscription$({ x: a }, { distinct: (one, other) => one.x.value === other.x.value });
  });

  const store: JournalStore = { pending: async () => Promise.resolve(new Set<string>()), add: () => true, remove: async () => Promise.resolve() };

  it('a fallback and a journal are handed in, made by the package', () => {
    const give = (): unknown => createStatisticsClient({ baseUrl: '', fallback: peekFallback(), journal: createJournal(store) });
    expectTypeOf(give).toBeFunction();
    expectTypeOf(peekFallback).toEqualTypeOf<() => Fallback>();
    expectTypeOf(createJournal(store)).toEqualTypeOf<Journal>();
    expectTypeOf(fileJournal).returns.toEqualTypeOf<Journal>();
    // Opaque: nothing of what it holds has a name or a type outside.
    expectTypeOf<Fallback[keyof Fallback]>().toBeUnknown();
    expectTypeOf<Exclude<keyof Journal, symbol>>().toEqualTypeOf<keyof JournalStore>();
  });

  it('wrong arguments do not compile', () => {
    const wrong = (): void => {
      // @ts-expect-error an object has an id and a type
      client.statistic$('a', { objectId: 'x' });
      // @ts-expect-error a definition has a category and a subject
      client.statistic$({ category: 'a' }, queue);
      // @ts-expect-error a name and a definition exclude each other
      client.subscription$([{ ...inline, name: 'a' }]);
      // @ts-expect-error inline definitions cannot be peeked at
      client.peek$(inline.definition, queue);
      // @ts-expect-error no such option
      createStatisticsClient({ baseUrl: '', pol: {} });
      // @ts-expect-error a fallback is made by peekFallback()
      createStatisticsClient({ baseUrl: '', fallback: 'peek' });
      // @ts-expect-error nobody else makes one
      createStatisticsClient({ baseUrl: '', fallback: {} });
      // @ts-expect-error a store is no journal yet
      createStatisticsClient({ baseUrl: '', journal: store });
    };
    expectTypeOf(wrong).toBeFunction();
  });

  it('the rest', () => {
    expectTypeOf(client).toExtend<AsyncDisposable>();
    expectTypeOf<StatisticsApiError['httpStatus']>().toBeNumber();
    expectTypeOf<Extract<StatisticsEvent, { type: 'retrying' }>['delay']>().toBeNumber();
  });
});
