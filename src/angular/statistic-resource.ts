/**
 * The resource behind every `inject...` function: follows its target, subscribes outside of the zone, and shows the states of
 * the client as Angular's own `Resource`. Knows one target at a time, and of the server only the waist.
 */
import { DestroyRef, Injector, NgZone, computed, effect, inject, signal, untracked, type Resource, type ResourceSnapshot, type Signal } from '@angular/core';
import type { Observable } from 'rxjs';
import type { State, StatisticDefinition, StatisticObject, StatisticsClient } from '../index.js';
import { orThrow } from './failure.js';
import type { Reading } from './reading.js';
import { RENDERING } from './rendering.js';
import { failed, idle, shownOf, shownOfCarried, waitingFor, type Shown } from './shown.js';
import { STABILITY } from './stability.js';
import { CLIENT } from './statistics-client.js';
import type { Target } from './target.js';

/**
 * A live statistic, as Angular's own `Resource`: `@if (r.hasValue())` narrows, and `chain` works.
 *
 * `status()` is `'loading'` until the first value, `'resolved'` with one, `'error'` once the server refuses the statistic,
 * and `'idle'` while there is no target. Unlike with other resources `value()` never throws: it is `undefined` without a value.
 */
export interface StatisticResource<T> extends Resource<T> {
  /** Nothing has confirmed the value for `poll.staleAfter`. The value stays, and `status()` as well. */
  readonly stale: Signal<boolean>;
  /** When the value last changed, or was confirmed after having been stale: epoch milliseconds. */
  readonly receivedAt: Signal<number | undefined>;
  hasValue(this: T extends undefined ? this : never): this is StatisticResource<Exclude<T, undefined>>;
  hasValue(): boolean;
}

/** Options of every resource. */
export interface ResourceOptions {
  /** Shows the old value, as `'reloading'`, until another target answers. @defaultValue false */
  readonly keepPrevious?: boolean | undefined;
  /**
   * Milliseconds between two polls while values change. Of everything that shares an upstream, the shortest interval wins.
   * @defaultValue `poll.interval`
   */
  readonly interval?: number | undefined;
  /** Where the resource lives; it ends with it. @defaultValue the present injection context */
  readonly injector?: Injector | undefined;
}

/**
 * @param readTarget - reads the arguments. Where `isReactive`, it is called in an effect: then a mistake in them is an error of the resource.
 * @throws StatisticsOptionError at once for a mistake in arguments that are not reactive.
 */
export function createResource<V, T>(
  readTarget: () => Target | undefined,
  isReactive: boolean,
  reading: Reading<V, T>,
  { keepPrevious = false, interval, injector = inject(Injector) }: ResourceOptions = {},
): StatisticResource<T | undefined> {
  const zone = injector.get(NgZone);
  // What a function throws, such as NG0950 for an input that is not there yet, is its result until what it reads changes.
  const target = computed<Target | Error | undefined>(
    () => {
      try {
        return readTarget();
      } catch (error) {
        return error as Error;
      }
    },
    { equal: (one, other) => one === other || (keyOf(one) !== undefined && keyOf(one) === keyOf(other)) },
  );
  const last = signal<Shown<T>>(idle);
  // Read with the arguments, so that no value is ever seen under the name of another target, not even before the effect runs.
  const shown = computed<Shown<T>>(() => {
    const wanted = target();
    if (wanted instanceof Error) {
      return failed(undefined, wanted);
    }
    const known = last();
    return known.key === wanted?.key ? known : wanted === undefined ? idle : waitingFor(wanted, known, keepPrevious);
  });

  let stop: (() => void) | undefined;

  function follow(next: Target | undefined): void {
    const before = stop;
    stop = undefined;
    try {
      stop = next && zone.runOutsideAngular(() => observe(next));
    } finally {
      // Only now, so that what both targets share is not asked for anew.
      before?.();
    }
  }

  /** The first outcome ends the waiting of the application. */
  function observe(next: Target): () => void {
    const { key } = next;
    const rendering = orThrow(injector.get(RENDERING));
    if (typeof ngServerMode !== 'undefined' && ngServerMode) {
      last.set(waitingFor(next, last(), keepPrevious));
      return rendering?.peek(next, reading, (carried) => last.set(shownOfCarried(key, carried, reading))) ?? nothing;
    }
    const streams = streamsOf(orThrow(injector.get(CLIENT)), next, interval);
    const carried = rendering?.carried(next, reading);
    last.set(carried ? shownOfCarried(key, carried, reading) : waitingFor(next, last(), keepPrevious));
    const done = carried ? nothing : injector.get(STABILITY).wait();
    const observer = (state: State<unknown>): void => {
      const result = shownOf(key, state as State<V>, reading, last());
      last.set(result);
      if (result.status === 'resolved' || result.status === 'error') {
        done();
      }
    };
    // eslint-disable-next-line rxjs-x/no-ignored-error -- states never error
    const subscription = streams.state$.subscribe(observer);
    // The states tell all; the other observer is there for its pace alone, and what it errors with is a state as well.
    subscription.add(streams.paced$?.subscribe({ error: nothing }));
    return () => {
      done();
      subscription.unsubscribe();
    };
  }

  injector.get(DestroyRef).onDestroy(() => stop?.());
  if (isReactive) {
    effect(
      () => {
        const next = target();
        untracked(() => {
          try {
            follow(next instanceof Error ? undefined : next);
          } catch (error) {
            last.set(failed(keyOf(next), error));
          }
        });
      },
      { injector },
    );
  } else {
    follow(readTarget());
  }

  const status = computed(() => shown().status);
  const value = computed(() => shown().value);
  return {
    status,
    value,
    error: computed(() => shown().error),
    isLoading: computed(() => status() === 'loading' || status() === 'reloading'),
    stale: computed(() => shown().stale),
    receivedAt: computed(() => shown().receivedAt),
    snapshot: computed(() => (status() === 'error' ? { status: 'error', error: shown().error } : { status: status(), value: value() }) as ResourceSnapshot<T | undefined>),
    hasValue: () => value() !== undefined,
  } as StatisticResource<T | undefined>;
}

const nothing = (): void => undefined;

const keyOf = (target: Target | Error | undefined): string | undefined => (target instanceof Error ? undefined : target?.key);

interface Streams {
  readonly state$: Observable<State<unknown>>;
  readonly paced$?: Observable<unknown>;
}

/** @throws StatisticsOptionError for a target that does not fit. */
function streamsOf(client: StatisticsClient, { set, isSingle }: Target, interval: number | undefined): Streams {
  // Of a record it is none, and not needed.
  const request = (set as readonly never[])[0] as unknown as StatisticObject & { readonly name: string | StatisticDefinition };
  const state$ = isSingle ? client.statisticState$(request.name, request) : client.subscriptionState$(set);
  if (interval === undefined) {
    return { state$ };
  }
  return { state$, paced$: isSingle ? client.statistic$(request.name, request, { interval }) : client.subscription$(set, { interval }) };
}
