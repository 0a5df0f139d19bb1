/** A client whose statistics a test sets. It sends nothing and sets no timer. */
import { concatMap, EMPTY, map, of, Subject, throwError, type Observable } from 'rxjs';
import { StatisticRejectedError, StatisticsError, type Snapshot, type State, type StatisticsApi, type StatisticsClient, type StatisticSet, type StatisticsEvent, type StatisticValue } from '../../index.js';
import { requestOf, requestsOf, type Store } from './store.js';

export function createFakeClient(store: Store): StatisticsClient {
  const events$ = new Subject<StatisticsEvent>();
  const close = (): Promise<void> => {
    store.close();
    events$.complete();
    return Promise.resolve();
  };
  const watchSet = <S>(set: S): Observable<State<Snapshot<S>>> => store.watch(requestsOf(set)).pipe(map((state) => withValue(state, (values) => arranged(set, values))));
  const noRequest = (): Promise<never> => Promise.reject(new StatisticsError('provideStatisticsTesting() sends no requests'));

  return {
    statisticState$: (name, object) => store.watch([requestOf(name, object)]).pipe(map((state) => withValue(state, ([value]) => value as StatisticValue))),
    statistic$: (name, object) => store.watch([requestOf(name, object)]).pipe(values, map(([value]) => value as StatisticValue)),
    subscriptionState$: watchSet,
    subscription$: <const S extends StatisticSet<S>>(set: S) => watchSet(set).pipe(values),
    peek$: (name, object) => peeked(store, [requestOf(name, object)]).pipe(map(([value]) => value as StatisticValue)),
    peekAll$: <const S extends StatisticSet<S>>(set: S) => peeked(store, requestsOf(set)).pipe(map((found) => arranged(set, found))),
    health$: store.health$.asObservable(),
    events$: events$.asObservable(),
    refresh: () => undefined,
    close,
    [Symbol.asyncDispose]: close,
    api: { openSubscription: noRequest, readSubscription: noRequest, closeSubscription: noRequest, getStatistic: noRequest, getStatistics: noRequest } satisfies StatisticsApi,
  };
}

/** From states to values: emits each live value, and errors with the error of a failed state. */
const values = <V>(state$: Observable<State<V>>): Observable<V> =>
  state$.pipe(concatMap(({ status, value, error }) => (status === 'failed' ? throwError(() => error) : status === 'live' ? of(value) : EMPTY)));

function withValue<V, T>(state: State<V>, arrange: (value: V) => T): State<T> {
  return (state.value === undefined ? state : { ...state, value: arrange(state.value) }) as State<T>;
}

function arranged<S>(set: S, found: readonly StatisticValue[]): Snapshot<S> {
  const snapshot = Array.isArray(set) ? found : Object.fromEntries(Object.keys(set as object).map((key, index) => [key, found[index]]));
  return Object.freeze(snapshot) as Snapshot<S>;
}

function peeked(store: Store, requests: ReturnType<typeof requestsOf>): Observable<readonly StatisticValue[]> {
  const missing = requests.filter((request) => store.get(request).value === undefined);
  return missing.length > 0
    ? throwError(() => new StatisticRejectedError('not set by the test', missing))
    : of(requests.flatMap((request) => store.get(request).value ?? []));
}
