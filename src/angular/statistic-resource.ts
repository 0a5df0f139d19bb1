/**
 * The resource behind every `inject...` function. Follows its target, subscribes outside of the zone, and shows the states of the
 * client as an Angular `Resource`. Knows server rendering only by its interface.
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
 * A live statistic as an Angular `Resource`: `@if (r.hasValue())` narrows its type, and `chain` accepts it.
 *
 * `status()` is `'loading'` until the first value, `'resolved'` with one, `'error'` once the server refuses the statistic, and
 * `'idle'` while there is no target. Unlike in other resources, `value()` never throws: it is `undefined` without a value.
 */
export interface StatisticResource<T> extends Resource<T> {
  /** Whether no answer has confirmed the value for `poll.staleAfter`. The value and `status()` stay as they are. */
  readonly stale: Signal<boolean>;
  /** When the value last changed, or was confirmed after it had been stale, in epoch milliseconds. */
  readonly receivedAt: Signal<number | undefined>;
  hasValue(this: T extends undefined ? this : never): this is StatisticResource<Exclude<T, undefined>>;
  hasValue(): boolean;
}

/** Options of every resource. */
export interface ResourceOptions {
  /** Shows the old value, as `'reloading'`, until another target answers. @defaultValue false */
  readonly keepPrevious?: boolean | undefined;
  /**
   * Milliseconds between two polls while values change. If resources share an upstream, the shortest interval wins.
   * @defaultValue `poll.interval`
   */
  readonly interval?: number | undefined;
  /** The injector of the resource, which ends when the injector is destroyed. @defaultValue the present injection context */
  readonly injector?: Injector | undefined;
}

/**
 * @param readTarget - reads the arguments. If `isReactive`, it runs in a reactive context, and an error that it throws is the
 * resource's error.
 * @throws StatisticsOptionError at once for unusable arguments that are not reactive.
 */
export function createResource<V, T>(
  readTarget: () => Target | undefined,
  isReactive: boolean,
  reading: Reading<V, T>,
  { keepPrevious = false, interval, injector = inject(Injector) }: ResourceOptions = {},
): StatisticResource<T | undefined> {
  const zone = injector.get(NgZone);
  // An error, such as NG0950 for a missing required input, is a result like any other. It lasts until a signal that was read changes.
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
  // Computed from the target, so that no value of the previous target is ever shown for this one, even before the effect runs.
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
      // Leave the old target last, so that statistics of both are not opened again.
      before?.();
    }
  }

  /** Subscribes to a target. Its first value or error ends the wait for stability. */
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
    // This second observer only sets the interval. Its values and its error are in the states too.
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

/** @throws StatisticsOptionError for an unusable target. */
function streamsOf(client: StatisticsClient, { set, isSingle }: Target, interval: number | undefined): Streams {
  // `undefined` for a record, which does not need it.
  const request = (set as readonly never[])[0] as unknown as StatisticObject & { readonly name: string | StatisticDefinition };
  const state$ = isSingle ? client.statisticState$(request.name, request) : client.subscriptionState$(set);
  if (interval === undefined) {
    return { state$ };
  }
  return { state$, paced$: isSingle ? client.statistic$(request.name, request, { interval }) : client.subscription$(set, { interval }) };
}
