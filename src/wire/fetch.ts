/**
 * Transport over any `fetch`: the platform's, or `cross-fetch` where an agent is needed (a proxy, a private CA).
 * Owns the limit on the body, strict UTF-8 and not following redirects. Knows nothing of the API.
 */
import { StatisticsNetworkError } from '../model/errors.js';
import { createBodyReader } from './body.js';
import { inText, type ByteResponse, type ByteTransport, type Transport } from './transport.js';

/** The part of `fetch` that is used. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

type Init = RequestInit & { readonly agent?: unknown };

/**
 * A {@link Transport} over `fetch`.
 *
 * @param fetch - the platform's, `cross-fetch`, or one of your own.
 * @param init - handed to every call: `{ agent }` for `cross-fetch` in Node, `{ credentials: 'omit' }` in a browser
 * whose server sends no credentialed CORS. `credentials` is `'include'` otherwise, since the session is a cookie.
 */
export function fetchTransport(fetch: Fetch, init: Init = {}): Transport {
  return inText(fetchBytes(fetch, init));
}

/** The same for the client, whose polls need no text. */
export function fetchBytes(fetch: Fetch, init: Init = {}): ByteTransport {
  const bodies = createBodyReader();
  return async (request, signal) => {
    // Our own, so that whatever goes wrong while reading lets the socket go: not every fetch does when its body is dropped.
    const controller = new AbortController();
    const onAbort = (): void => controller.abort(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      signal.throwIfAborted();
      const response = await fetch(request.url, {
        credentials: 'include',
        cache: 'no-store',
        ...init,
        method: request.method,
        headers: request.headers,
        ...(request.body === undefined ? {} : { body: request.body }),
        ...(request.keepalive === undefined ? {} : { keepalive: request.keepalive }),
        // fetch would carry x-api-key along to another origin (G11).
        redirect: 'manual',
        signal: controller.signal,
      });
      // The second is of a fetch that does not obey: what it brings is another server's, and no answer.
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

function headersOf(response: Response): Pick<ByteResponse, 'headers' | 'setCookies'> {
  const headers: Record<string, string> = Object.create(null) as Record<string, string>;
  response.headers.forEach((value, name) => {
    headers[name.toLowerCase()] = value;
  });
  const { headers: given } = response as { headers: Headers & { raw?: () => Record<string, string[]> } };
  const setCookies = typeof given.getSetCookie === 'function' ? given.getSetCookie() : given.raw?.()['set-cookie'];
  return { headers, ...(setCookies === undefined || setCookies.length === 0 ? {} : { setCookies }) };
}
