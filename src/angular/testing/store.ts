/** The statistics of a test: their states, and who watches them. Knows neither Angular nor the client. */
import { InjectionToken } from '@angular/core';
import { BehaviorSubject, Observable, Subject } from 'rxjs';
import { textOf, unfit } from '../../checks/arguments.js';
import type { Health, State, StatisticDefinition, StatisticRequest, StatisticValue } from '../../index.js';
import { targetOf } from '../target.js';

export interface Store {
  readonly health$: BehaviorSubject<Health>;
  /** The state of a statistic; `pending` if nothing was set. */
  get(request: StatisticRequest): State<StatisticValue>;
  set(request: StatisticRequest, state: State<StatisticValue>): void;
  /** Every request whose state was set. */
  known(): readonly StatisticRequest[];
  /** Every request that is watched, once. */
  watched(): readonly StatisticRequest[];
  /** Emits the common state of several statistics: the present one, then each change. Completes after `failed`. */
  watch(requests: readonly StatisticRequest[]): Observable<State<readonly StatisticValue[]>>;
  /** Completes everything. */
  close(): void;
}

export const STORE = new InjectionToken<Store>('genesys-statistics-rx: statistics of a test');

/** For subjects that never error. */
const nothing = (): void => undefined;

const pending = Object.freeze({ status: 'pending' });

export function createStore(): Store {
  const states = new Map<string, { readonly request: StatisticRequest; readonly state: State<StatisticValue> }>();
  const watching = new Map<symbol, readonly StatisticRequest[]>();
  const changed$ = new Subject<void>();
  const health$ = new BehaviorSubject<Health>({ status: 'idle', upstreams: 0, statistics: 0, observers: 0 });

  const store: Store = {
    health$,
    get: (request) => states.get(keyOf(request))?.state ?? pending,
    set(request, state) {
      states.set(keyOf(request), { request, state });
      changed$.next();
    },
    known: () => [...states.values()].map(({ request }) => request),
    watched: () => [...new Map([...watching.values()].flat().map((request) => [keyOf(request), request])).values()],
    watch: (requests) =>
      new Observable((subscriber) => {
        const me = Symbol('watcher');
        let last: readonly State<StatisticValue>[] = [];
        const look = (): void => {
          const now = requests.map(store.get);
          if (now.every((state, index) => state === last[index])) {
            return;
          }
          last = now;
          const state = together(now);
          subscriber.next(state);
          if (state.status === 'failed') {
            subscriber.complete();
          }
        };
        watching.set(me, requests);
        subscriber.add(() => watching.delete(me));
        subscriber.add(changed$.subscribe({ next: look, error: nothing, complete: () => subscriber.complete() }));
        look();
      }),
    close() {
      changed$.complete();
      health$.next({ ...health$.value, status: 'closed' });
      health$.complete();
    },
  };
  return store;
}

/** The state of a set: `failed` or `stale` if any member is, `pending` until all members have a value. */
function together(states: readonly State<StatisticValue>[]): State<readonly StatisticValue[]> {
  const failed = states.find((state) => state.status === 'failed');
  if (failed !== undefined) {
    return { status: 'failed', error: failed.error };
  }
  const values = states.flatMap(({ value }) => value ?? []);
  if (values.length < states.length) {
    return states.some(({ status }) => status === 'stale') ? { status: 'stale' } : pending;
  }
  const receivedAt = Math.max(...states.map((state) => state.receivedAt ?? 0));
  return { status: states.some(({ status }) => status === 'stale') ? 'stale' : 'live', value: Object.freeze(values), receivedAt };
}

/** @throws StatisticsOptionError for an unusable request. */
export function requestOf(name: string | StatisticDefinition, object: unknown): StatisticRequest {
  const { objectId, objectType } = (object ?? {}) as { readonly objectId?: unknown; readonly objectType?: unknown };
  const whose = { objectId: textOf('objectId', objectId), objectType: textOf('objectType', objectType) };
  if (typeof name === 'object' && (name as unknown) !== null) {
    return Object.freeze({ definition: name, ...whose });
  }
  return Object.freeze({ name: textOf('name', name), ...whose });
}

/** The requests of a set, as {@link requestOf} makes them. */
export function requestsOf(set: unknown): readonly StatisticRequest[] {
  const requests = typeof set === 'object' && set !== null ? (Object.values(set) as StatisticRequest[]) : [];
  if (requests.length === 0) {
    throw unfit('definitions', set, 'a non-empty array or record of statistics');
  }
  return requests.map((request) => requestOf(request.name ?? request.definition, request));
}

const keyOf = (request: StatisticRequest): string => targetOf([request], true)?.key ?? '';
