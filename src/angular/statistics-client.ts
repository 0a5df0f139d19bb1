/**
 * The client of an application: made once for each, outside of the zone, when something first injects it; closed with the
 * application. Knows no resource.
 */
import { DestroyRef, InjectionToken, NgZone, inject } from '@angular/core';
import { Observable } from 'rxjs';
import { createStatisticsClient, StatisticsOptionError, type StatisticsClient, type StatisticsClientOptions, type Transport } from '../index.js';
import { keepFailure, orThrow } from './failure.js';

/** The options of the client, complete with the transport of a feature; or the client itself. */
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
 * @param isOwn - the client is closed with the application.
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

/** Options have no streams. */
export function isClient(given: StatisticsClientOptions | StatisticsClient): given is StatisticsClient {
  // Options that are missing are reported with all others that do not fit.
  return typeof (given as Partial<StatisticsClient> | undefined)?.statistic$ === 'function';
}

/** The same client outside the zone: its timers and requests never keep an application from being stable, wherever it is subscribed to. */
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
 * The client of the application, for streams and whatever else is not a signal. It is closed with the application. Its streams
 * emit outside of the zone, where there is one: what they set has to be a signal, or marked for check.
 *
 * @throws StatisticsOptionError where no `provideStatistics` is among the providers, or its options do not fit.
 */
export function injectStatistics(): StatisticsClient {
  return orThrow(inject(CLIENT));
}
