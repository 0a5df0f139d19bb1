/**
 * A transport over any `fetch`: the platform's, `undici`'s with a dispatcher (a proxy, a private CA), or `cross-fetch`. Fulfils
 * the duties of a transport, such as limiting the body and not following redirects. Knows nothing of the API.
 */
import { bypassCache } from '#fetch';
import { isErrorLike, StatisticsError, StatisticsNetworkError } from '../model/errors.js';
import { createBodyReader } from './body.js';
import { TransportFailure } from './network-error.js';
import { inText, type ByteResponse, type ByteTransport, type Transport } from './transport.js';

/** The part of `fetch` that a transport uses. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** `RequestInit` of any platform. `dispatcher` is `unknown`, because its class depends on the version of `undici`. */
export type FetchInit = Omit<RequestInit, 'dispatcher'> & { readonly agent?: unknown; readonly dispatcher?: unknown };

/**
 * A {@link Transport} over `fetch`.
 *
 * @param fetch - the platform's, `undici`'s, or your own. Use `cross-fetch` only in a Node without `fetch`: with a keep-alive
 * agent of few sockets it loses complete answers.
 * @param init - passed to every call: `{ dispatcher }` of `undici` in Node, for a proxy or a private CA;
 * `{ credentials: 'omit' }` in a browser whose server allows no credentials across origins. By default `credentials` is
 * `'include'`, because the server may keep its session in a cookie.
 */
export function fetchTransport(fetch: Fetch, init: FetchInit = {}): Transport {
  return inText(fetchBytes(fetch, init));
}

/** The same transport with bodies as bytes, which the client compares. */
export function fetchBytes(fetch: Fetch, init: FetchInit = {}): ByteTransport {
  const bodies = createBodyReader();
  const freshly = bypassCache(fetch);
  let takesSignals = true;

  /** Sends without a signal once `fetch` has refused one: a `fetch` of another realm refuses every signal, before it sends anything. */
  async function send(url: string, { signal, ...rest }: RequestInit & { readonly signal: AbortSignal }, onPlatformFailure?: (error: StatisticsError) => void): Promise<Response> {
    const isSignalled = takesSignals;
    try {
      return await freshly(url, isSignalled ? { ...rest, signal } : rest);
    } catch (reason) {
      if (!isSignalled || signal.aborted || !isErrorLike(reason) || !reason.message.includes('AbortSignal')) {
        throw new TransportFailure(reason);
      }
      if (takesSignals) {
        takesSignals = false;
        onPlatformFailure?.(new StatisticsError('requests are not aborted, since fetch refuses the signals of AbortController', { cause: reason }));
      }
      return send(url, { ...rest, signal });
    }
  }

  return async (request, signal, onPlatformFailure) => {
    // Our own controller also aborts if reading fails, because not every `fetch` frees the socket of an unread body.
    const controller = new AbortController();
    const onAbort = (): void => controller.abort(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      signal.throwIfAborted();
      const response = await send(request.url, {
        credentials: 'include',
        ...init,
        method: request.method,
        headers: request.headers,
        ...(request.body === undefined ? {} : { body: request.body }),
        ...(request.keepalive === undefined ? {} : { keepalive: request.keepalive }),
        // With 'follow', `fetch` would send x-api-key to the redirect's origin (G11).
        redirect: 'manual',
        signal: controller.signal,
      }, onPlatformFailure);
      if (!isResponse(response)) {
        throw new StatisticsNetworkError('fetch gave no response with status, headers and a body to read', 'unreadable');
      }
      // If a `fetch` follows redirects all the same, the answer may be another server's.
      if (response.type === 'opaqueredirect' || response.redirected) {
        throw new StatisticsNetworkError('the server redirects; redirects are not followed', 'redirect');
      }
      return { status: response.status, ...headersOf(response), body: await bodies.read(response, request.maxBodyBytes, signal) };
    } catch (error) {
      controller.abort(error);
      throw error;
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  };
}

/** Whether an object has the parts of a response that are used. A patched or mocked `fetch` may return less. */
function isResponse(given: unknown): given is Response {
  const { status, headers, body } = (given ?? {}) as Partial<Response>;
  return Number.isInteger(status) && typeof headers?.forEach === 'function' && typeof body === 'object';
}

function headersOf(response: Response): Pick<ByteResponse, 'headers' | 'setCookies'> {
  const headers: Record<string, string> = Object.create(null) as Record<string, string>;
  response.headers.forEach((value: unknown, name) => {
    headers[name.toLowerCase()] = String(value);
  });
  const { headers: given } = response as { headers: Headers & { raw?: () => Record<string, string[]> } };
  const setCookies = typeof given.getSetCookie === 'function' ? given.getSetCookie() : given.raw?.()['set-cookie'];
  return { headers, ...(setCookies === undefined || setCookies.length === 0 ? {} : { setCookies }) };
}
