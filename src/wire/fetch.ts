/**
 * Transport over any `fetch`: the platform's, or `cross-fetch` where an agent is needed (a proxy, a private CA).
 * Owns the limit on the body, strict UTF-8 and not following redirects. Knows nothing of the API.
 */
import { StatisticsNetworkError } from '../model/errors.js';
import type { Transport, TransportRequest, TransportResponse } from './transport.js';

/** The part of `fetch` that is used. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/**
 * A {@link Transport} over `fetch`.
 *
 * @param fetch - the platform's, `cross-fetch`, or one of your own.
 * @param init - handed to every call: `{ agent }` for `cross-fetch` in Node, `{ credentials: 'omit' }` in a browser
 * whose server sends no credentialed CORS. `credentials` is `'include'` otherwise, since the session is a cookie.
 */
export function fetchTransport(fetch: Fetch, init: RequestInit & { readonly agent?: unknown } = {}): Transport {
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
        // fetch would carry x-api-key along to another origin (G11).
        redirect: 'manual',
        signal: controller.signal,
      });
      if (response.type === 'opaqueredirect') {
        throw new StatisticsNetworkError('the server redirects; redirects are not followed', 'redirect');
      }
      return { status: response.status, ...headersOf(response), body: await readBody(response, request, signal) };
    } catch (error) {
      controller.abort(error);
      throw error;
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  };
}

function headersOf(response: Response): Pick<TransportResponse, 'headers' | 'setCookies'> {
  const headers: Record<string, string> = Object.create(null) as Record<string, string>;
  response.headers.forEach((value, name) => {
    headers[name.toLowerCase()] = value;
  });
  const { headers: given } = response as { headers: Headers & { raw?: () => Record<string, string[]> } };
  const setCookies = typeof given.getSetCookie === 'function' ? given.getSetCookie() : given.raw?.()['set-cookie'];
  return { headers, ...(setCookies === undefined || setCookies.length === 0 ? {} : { setCookies }) };
}

async function readBody(response: Response, { maxBodyBytes }: TransportRequest, signal: AbortSignal): Promise<string> {
  const length = Number(response.headers.get('content-length') ?? NaN);
  // Nothing to unpack, and a length that HTTP itself enforces: no need to count.
  if (response.headers.get('content-encoding') === null && length <= maxBodyBytes) {
    return decode(new Uint8Array(await response.arrayBuffer()));
  }
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of chunksOf(response)) {
    // A body that is all here already would otherwise be read on after the abort.
    signal.throwIfAborted();
    bytes += chunk.byteLength;
    if (bytes > maxBodyBytes) {
      throw new StatisticsNetworkError(`the answer is larger than ${maxBodyBytes} bytes`, 'too-large');
    }
    chunks.push(chunk);
  }
  return decode(joined(chunks, bytes));
}

function joined(chunks: readonly Uint8Array[], bytes: number): Uint8Array {
  const whole = new Uint8Array(bytes);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.byteLength;
  }
  return whole;
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new StatisticsNetworkError('the answer is not UTF-8', 'unreadable', { cause });
  }
}

/** The body's chunks; leaving the loop early cancels it. A web stream by its reader (Safari cannot iterate it), node-fetch's by iteration. */
async function* chunksOf(response: Response): AsyncGenerator<Uint8Array, void, undefined> {
  const body = response.body as ReadableStream<Uint8Array> | AsyncIterable<Uint8Array> | null;
  if (body === null) {
    return;
  }
  if (!('getReader' in body)) {
    yield* body;
    return;
  }
  const reader = body.getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      yield next.value;
    }
  } finally {
    // After the end this does nothing; before it, the socket is let go instead of held by an unread body.
    reader.cancel().catch(() => undefined);
  }
}
