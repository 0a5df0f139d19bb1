/** A set of statistics without the ones that a deployment does not know. Owns the search for the unknown ones. Knows no statistic by name. */
import { catchError, defer, forkJoin, map, of, switchMap, take, throwError, type Observable } from 'rxjs';
import { StatisticRejectedError, type StatisticValue, type StatisticsClient } from '../../index.js';

/** The part of a client that is needed. */
export type StatisticsSource = Pick<StatisticsClient, 'subscription$' | 'statistic$'>;

/** A configured statistic of an object. */
export interface NamedStatistic {
  readonly name: string;
  readonly objectId: string;
  readonly objectType: string;
}

/** Values by key. Members that the server refuses are absent. */
export type KnownMembers<K extends string> = { readonly [Key in K]?: StatisticValue };

/**
 * The members that the server knows, from one subscription. Members that a refusal names are dropped, and the rest is subscribed to
 * again. If a refusal names every member, each is requested alone, to find the ones at fault. Errors with the refusal if no member is
 * left, or none is at fault.
 */
export function knownMembers$<K extends string>(client: StatisticsSource, members: Readonly<Partial<Record<K, NamedStatistic>>>): Observable<KnownMembers<K>> {
  return defer(() => client.subscription$(members as Record<string, NamedStatistic>) as Observable<KnownMembers<K>>).pipe(
    catchError((error: unknown) =>
      error instanceof StatisticRejectedError
        ? withoutRefused$(client, members, error).pipe(switchMap((known) => knownMembers$(client, known)))
        : throwError(() => error as Error),
    ),
  );
}

type Members<K extends string> = Readonly<Partial<Record<K, NamedStatistic>>>;

/** Emits the rest of the members once. Errors with the refusal if none or all of them are left. */
function withoutRefused$<K extends string>(client: StatisticsSource, members: Members<K>, error: StatisticRejectedError): Observable<Members<K>> {
  const entries = Object.entries(members) as [K, NamedStatistic][];
  const refused = new Set(error.definitions.map(({ name }) => name));
  const left = entries.filter(([, { name }]) => !refused.has(name));
  const known$ = left.length > 0 ? of(left) : askEach$(client, entries);
  return known$.pipe(
    map((known) => {
      if (known.length === 0 || known.length === entries.length) {
        throw error;
      }
      return Object.fromEntries(known) as Members<K>;
    }),
  );
}

/** The members that have a value when they are requested alone. */
function askEach$<K extends string>(client: StatisticsSource, entries: readonly [K, NamedStatistic][]): Observable<[K, NamedStatistic][]> {
  return forkJoin(
    entries.map(([, { name, objectId, objectType }]) =>
      client.statistic$(name, { objectId, objectType }).pipe(
        take(1),
        map(() => true),
        catchError((error: unknown) => (error instanceof StatisticRejectedError ? of(false) : throwError(() => error as Error))),
      ),
    ),
  ).pipe(map((isKnown) => entries.filter((_, index) => isKnown[index])));
}
