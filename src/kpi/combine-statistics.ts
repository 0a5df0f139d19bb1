/**
 * Combines independent streams into one stream of snapshots, with one emission per burst. Owns the conflation. Knows neither the
 * contents of the streams nor their polls.
 */
import { asapScheduler, from, Observable, type ObservableInput, type ObservedValueOf, type Subscription } from 'rxjs';
import { StatisticsOptionError } from '../index.js';
import { recordOf } from './record.js';

/** The argument of {@link combineStatistics}: a non-empty array or record of streams. */
export type StreamSet = readonly ObservableInput<unknown>[] | { readonly [key: string]: ObservableInput<unknown> };

/** A snapshot of the streams: the same shape, with the newest value in place of each stream. */
export type Combined<S extends StreamSet> = { readonly [K in keyof S]: ObservedValueOf<S[K]> };

/**
 * A `combineLatest` that emits once per round of polls instead of once per input.
 *
 * Values that arrive together, such as those of one answer of the server, cause one emission. It comes in a microtask after the
 * burst, with the newest value of each input. Values of different answers cause one emission per answer. Nothing is emitted before
 * every input has emitted. An array gives tuples, a record gives records with the same keys; snapshots are frozen. The inputs may
 * carry anything: `StatisticValue` for `kpi(formula)`, numbers for `map(formula)`.
 *
 * The members of one snapshot may come from different polls. If they must come from one answer, use `subscription$`.
 *
 * Errors as soon as one input does, and drops a snapshot that it has not emitted yet. Completes when all inputs have completed, or
 * one has completed without a value; it emits a pending snapshot first. Unsubscribing unsubscribes every input.
 *
 * @throws StatisticsOptionError when `sources` is empty, or neither an array nor a record.
 *
 * @example
 * combineStatistics({
 *   ready: statistic$('CurrentReadyAgents', sales),
 *   loggedIn: statistic$('CurrentLoggedInAgents', sales),
 * }).pipe(kpi(readyShare)).subscribe((percent) => { ... }); // 25, 50 ...
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
    let silent = streams.length; // inputs that have not emitted yet
    let running = streams.length; // inputs that have not completed yet
    let pending: Subscription | undefined;

    const emit = (): void => {
      pending = undefined;
      subscriber.next(arrange(Array.isArray(given) ? undefined : keys, latest) as Combined<S>);
    };
    // The microtask comes from a scheduler of rxjs, so that a TestScheduler drives it.
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

/** The snapshot in the shape of the sources. */
function arrange(keys: readonly string[] | undefined, values: readonly unknown[]): unknown {
  return Object.freeze(keys === undefined ? [...values] : recordOf(keys, values));
}

function describe(value: unknown): string {
  if (typeof value === 'object' && value !== null) {
    return Array.isArray(value) ? 'an empty array' : 'an empty object';
  }
  return value === null ? 'null' : typeof value;
}
