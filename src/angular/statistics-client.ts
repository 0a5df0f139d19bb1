/** The client of an application: made outside of the zone when it is first injected, and closed with the application. Knows no resource. */
import { DestroyRef, InjectionToken, NgZone, inject } from '@angular/core';
import { Observable } from 'rxjs';
import { createStatisticsClient, StatisticsOptionError, type StatisticsClient, type StatisticsClientOptions, type Transport } from '../index.js';
import { keepFailure, orThrow } from './failure.js';

/** The options of the client, including the transport of a feature; or the client itself. */
export const OPTIONS = new InjectionToken<StatisticsClientOptions | StatisticsClient>('genesys-statistics-rx: options');

/** The transport of a feature. */
export const TRANSPORT = new InjectionToken<Transport | undefined>('genesys-statistics-rx: transport', { factory: () => undefined });

export const CLIENT = new InjectionToken<StatisticsClient>('genesys-statistics-rx: client', {
  factory: keepFailure(() => {
    throw new StatisticsOptionError('no statistics are provided: add provideStatistics(...) to the providers of the application', 'providers');
  }),
});

/**
 * The factory of {@link CLIENT}.
 *
 * @param isOwn - whether the client is closed with the application.
 */
export function createClient(isOwn: boolean): StatisticsClient {
  const zone = inject(NgZone);
  const options = orThrow(inject(OPTIONS));
  const client = zone.runOutsideAngular(() => (isClient(options) ? options : createStatisticsClient(options)));
  if (isOwn) {
    inject(DestroyRef).onDestroy(() => zone.runOutsideAngular(() => void client.close()));
  }
  return outsideOf(zone, client);
}

/** Whether a program passed a client, not options: only a client has streams. */
export function isClient(given: StatisticsClientOptions | StatisticsClient): given is StatisticsClient {
  // `createStatisticsClient` reports missing options, like all unusable ones.
  return typeof (given as Partial<StatisticsClient> | undefined)?.statistic$ === 'function';
}

/** The same client, always outside of the zone, so that its timers and requests never keep the application from being stable. */
function outsideOf(zone: NgZone, client: StatisticsClient): StatisticsClient {
  const outside = <T>(stream$: Observable<T>) => new Observable<T>((subscriber) => zone.runOutsideAngular(() => stream$.subscribe(subscriber)));
  const streams = Object.entries(client)
    .filter(([name]) => name.endsWith('$'))
    .map(([name, member]: [string, Observable<unknown> | ((...given: unknown[]) => Observable<unknown>)]) => [
      name,
      typeof member === 'function' ? (...given: unknown[]) => outside(member(...given)) : outside(member),
    ]);
  return { ...client, ...Object.fromEntries(streams), refresh: () => zone.runOutsideAngular(client.refresh) } as StatisticsClient;
}

/**
 * The client of the application, for its streams and other members that are no signals. It is closed with the application. With
 * zone.js, its streams emit outside of the zone: set a signal in the observer, or call `markForCheck()`.
 *
 * @throws StatisticsOptionError if `provideStatistics` is not among the providers, or its options are unusable.
 */
export function injectStatistics(): StatisticsClient {
  return orThrow(inject(CLIENT));
}
