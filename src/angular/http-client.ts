/** The feature that sends requests through the application's HttpClient, so that its interceptors see them. */
import { HttpContextToken } from '@angular/common/http';
import { fetchTransport, type Transport } from '../index.js';
import { createFetch } from './fetch-by-http-client.js';
import type { StatisticsFeature } from './provide-statistics.js';
import { TRANSPORT } from './statistics-client.js';

/**
 * Whether a request comes from the statistics client. An interceptor reads it from the request's context, to skip these requests or
 * all others.
 */
export const STATISTICS_REQUEST = new HttpContextToken<boolean>(() => false);

/**
 * Sends requests through the application's `HttpClient`, and so through its interceptors. Polls do not keep the application from
 * being stable. After the application is destroyed, DELETEs are sent by `fetch`, with the headers that the interceptors added last.
 *
 * Cannot be combined with `withXhr()`: making the client then throws a `StatisticsOptionError`. `XMLHttpRequest` follows redirects
 * and would send the key to another server.
 */
export function withHttpClient(): StatisticsFeature {
  return { providers: [{ provide: TRANSPORT, useFactory: createTransport }] };
}

function createTransport(): Transport {
  let most = 0;
  const transport = fetchTransport(createFetch(STATISTICS_REQUEST, () => most));
  return (request, signal) => {
    // Set before the first request is sent.
    most = request.maxBodyBytes;
    return transport(request, signal);
  };
}
