/** The providers of an application, and what a feature is. Knows no feature. */
import { inject, makeEnvironmentProviders, type EnvironmentProviders, type Provider } from '@angular/core';
import { StatisticsOptionError, type StatisticsClient, type StatisticsClientOptions } from '../index.js';
import { keepFailure } from './failure.js';
import { STABILITY, createStability } from './stability.js';
import { CLIENT, createClient, isClient, OPTIONS, TRANSPORT } from './statistics-client.js';

/** An addition to {@link provideStatistics}: the result of a function whose name begins with `with`. */
export interface StatisticsFeature {
  readonly providers: readonly Provider[];
}

/**
 * Provides live statistics to an application, or to a part of it where it stands among the providers of a route. The client is
 * made once for it, when something first injects one of its statistics, and closed with it.
 *
 * @param options - of `createStatisticsClient`; or a client, such as that of a fleet, which the application does not close, since
 * others may use it too; or a function that gives either, called then, in an injection context: it may `inject` what knows the
 * token, and the client that it gives is closed with the application.
 * @throws StatisticsOptionError where the client is made, for options that do not fit; at once for a feature that is none.
 *
 * @example
 * bootstrapApplication(App, { providers: [provideStatistics({ baseUrl: 'https://host/statistics/v3', apiKey })] });
 */
export function provideStatistics(
  options: StatisticsClientOptions | StatisticsClient | (() => StatisticsClientOptions | StatisticsClient),
  ...features: readonly StatisticsFeature[]
): EnvironmentProviders {
  if (features.some((feature) => !(feature as Partial<StatisticsFeature> | undefined)?.providers)) {
    throw new StatisticsOptionError('features must be results of with...() functions', 'features');
  }
  return makeEnvironmentProviders([
    { provide: OPTIONS, useFactory: keepFailure(() => complete(typeof options === 'function' ? options() : options)) },
    { provide: CLIENT, useFactory: keepFailure(() => createClient(!isClient(options as StatisticsClientOptions))) },
    { provide: STABILITY, useFactory: createStability },
    ...features.flatMap(({ providers }) => providers),
  ]);
}

function complete(options: StatisticsClientOptions | StatisticsClient): StatisticsClientOptions | StatisticsClient {
  const transport = inject(TRANSPORT);
  if (transport === undefined) {
    return options;
  }
  if (isClient(options)) {
    throw new StatisticsOptionError('options must not be a client beside withHttpClient(): give the client its transport instead', 'options');
  }
  if ((options as StatisticsClientOptions | undefined)?.transport !== undefined) {
    throw new StatisticsOptionError('transport must be left out beside withHttpClient(), which is one', 'transport');
  }
  return { ...options, transport };
}
