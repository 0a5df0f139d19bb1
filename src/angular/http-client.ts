/** The feature that sends requests through the application's HttpClient, so that its interceptors see them. */
import { HttpContextToken } from '@angular/common/http';
import { fetchTransport, type Transport } from '../index.js';
import { createFetch } from './fetch-by-http-client.js';
import type { StatisticsFeature } from './provide-statistics.js';
import { TRANSPORT } from './statistics-client.js';

/** In the context of a request: whether it is one of the client's, for an interceptor that has to leave those alone, or only those. */
export const STATISTICS_REQUEST = new HttpContextToken<boolean>(() => false);

/**
 * Sends requests through the application's `HttpClient`, and so through its interceptors. Polls do not keep the application from
 * being stable. Once the application is destroyed, what has to be deleted is sent by `fetch`, with the headers that the
 * interceptors added last.
 *
 * The client is not made, with a `StatisticsOptionError`, beside `withXhr()`: `XMLHttpRequest` follows redirects, and takes the key along.
 */
export function withHttpClient(): StatisticsFeature {
  return { providers: [{ provide: TRANSPORT, useFactory: createTransport }] };
}

function createTransport(): Transport {
  let most = 0;
  const transport = fetchTransport(createFetch(STATISTICS_REQUEST, () => most));
  return (request, signal) => {
    // Read before this returns.
    most = request.maxBodyBytes;
    return transport(request, signal);
  };
}
