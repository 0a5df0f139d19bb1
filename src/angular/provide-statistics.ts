/** The providers of an application, and the type of a feature. Knows no feature. */
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
 * Provides live statistics to an application, or to the part of it below a route. The client is made when a statistic is first
 * injected, and closed with the application or the route.
 *
 * @param options - options of `createStatisticsClient`; or a client, such as a fleet's, which the application does not close; or a
 * function that returns either. The function is called in an injection context, so it may `inject` the service that knows the token.
 * A client that it returns is closed with the application.
 * @throws StatisticsOptionError when the client is made, for unusable options; at once for an argument that is no feature.
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
