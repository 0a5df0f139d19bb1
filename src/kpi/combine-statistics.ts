/**
 * Independent streams as one stream of snapshots, a burst of them as one emission. Owns the conflation; must not know
 * what the streams carry, nor what polls them.
 */
import { asapScheduler, from, Observable, type ObservableInput, type ObservedValueOf, type Subscription } from 'rxjs';
import { StatisticsOptionError } from '../index.js';

/** What {@link combineStatistics} takes: a non-empty array or record of streams. */
export type StreamSet = readonly ObservableInput<unknown>[] | { readonly [key: string]: ObservableInput<unknown> };

/** What it emits for it: the same shape, the newest value in place of each stream. */
export type Combined<S extends StreamSet> = { readonly [K in keyof S]: ObservedValueOf<S[K]> };

/**
 * A `combineLatest` that emits once per round of polls, not once per input.
 *
 * Values that arrive together, as those of one answer of the server do, make one emission, in a microtask after the
 * burst and with the newest value of each input. Inputs fed by different answers emit once per answer. Nothing comes
 * before every input has emitted. Give it an array for a tuple, or a record for the same keys; snapshots are frozen.
 * The inputs may carry anything: `StatisticValue` for `kpi(formula)`, numbers for `map(formula)`.
 *
 * The members of one snapshot may be of different polls. Where they have to be of one answer, use `subscription$`.
 *
 * Errors as soon as one input does, dropping a snapshot not yet emitted. Completes when all inputs have, or one has
 * without a value; a snapshot not yet emitted comes first. Unsubscribing unsubscribes every input.
 *
 * @throws StatisticsOptionError when `sources` is empty, or neither an array nor a record.
 *
 * @example
 * combineStatistics({
 *   ready: statistic$('CurrentReadyAgents', sales),
 *   loggedIn: statistic$('CurrentLoggedInAgents', sales),
 * }).pipe(kpi(readyRatio)).subscribe((ratio) => { ... }); // 0.25, 0.5 ...
 */
export function combineStatistics<const S extends StreamSet>(sources: S): Observable<Combined<S>> {
  const given: unknown = sources;
  if (typeof given !== 'object' || given === null || Object.keys(given).length === 0) {
    throw new StatisticsOptionError(
      `sources must be a non-empty array or record of observables, got ${describe(given)}`,
      'sources',
    );
  }
  const keys = Object.keys(given);
  const streams = Object.values(given) as readonly ObservableInput<unknown>[];

  return new Observable((subscriber) => {
    const latest: unknown[] = [];
    let silent = streams.length; // inputs without a value so far
    let running = streams.length;
    let pending: Subscription | undefined;

    const emit = (): void => {
      pending = undefined;
      subscriber.next(arrange(Array.isArray(given) ? undefined : keys, latest) as Combined<S>);
    };
    // A microtask by way of rxjs's own scheduler, so that virtual time knows of it.
    const schedule = (): void => {
      if (silent === 0 && pending === undefined) {
        pending = asapScheduler.schedule(emit);
      }
    };
    const complete = (): void => {
      if (pending !== undefined) {
        pending.unsubscribe();
        emit();
      }
      subscriber.complete();
    };

    streams.forEach((stream, index) => {
      if (subscriber.closed) {
        return;
      }
      let heard = false;
      const subscription = from(stream).subscribe({
        next: (value) => {
          latest[index] = value;
          if (!heard) {
            heard = true;
            silent--;
          }
          schedule();
        },
        error: (error: unknown) => subscriber.error(error),
        complete: () => {
          if (--running === 0 || !heard) {
            complete();
          }
        },
      });
      subscriber.add(subscription);
    });

    return () => pending?.unsubscribe();
  });
}

/** fromEntries defines own properties, so a key like `__proto__` stays a key. */
function arrange(keys: readonly string[] | undefined, values: readonly unknown[]): unknown {
  return Object.freeze(
    keys === undefined ? [...values] : Object.fromEntries(keys.map((key, index) => [key, values[index]])),
  );
}

function describe(value: unknown): string {
  if (typeof value === 'object' && value !== null) {
    return Array.isArray(value) ? 'an empty array' : 'an empty object';
  }
  return value === null ? 'null' : typeof value;
}
