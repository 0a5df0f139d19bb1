/** Observes a transport: each request with its answer or its failure. Changes nothing. */
import { StatisticsNetworkError, type Transport, type TransportRequest, type TransportResponse } from '../../index.js';

/** A request, and its answer or failure. */
export interface Exchange {
  /** Epoch milliseconds of the request. */
  readonly at: number;
  /** Milliseconds until the answer. */
  readonly took: number;
  readonly request: TransportRequest;
  readonly response?: TransportResponse;
  /** The reason why no answer came. */
  readonly failure?: unknown;
}

/** The same transport, which reports every exchange once it is over. */
export function observed(transport: Transport, onExchange: (exchange: Exchange) => void): Transport {
  return async (request, signal) => {
    const at = Date.now();
    const started = performance.now();
    const over = (outcome: Pick<Exchange, 'response' | 'failure'>): void => onExchange({ at, took: Math.round(performance.now() - started), request, ...outcome });
    try {
      const response = await transport(request, signal);
      over({ response });
      return response;
    } catch (failure) {
      // A request that the client aborted by closing is no failure of the server. A timeout is one.
      if (!signal.aborted || signal.reason instanceof StatisticsNetworkError) {
        over({ failure });
      }
      throw failure;
    }
  };
}

/** Each `Set-Cookie` header of an answer. */
export function cookiesOf({ setCookies, headers }: TransportResponse): readonly string[] {
  return setCookies ?? [headers['set-cookie'] ?? []].flat();
}
