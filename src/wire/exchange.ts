/**
 * One request, one answer: credentials on, the deadline set, cookies kept, and whatever goes wrong told as one of our
 * errors. Every request of the client passes here, so nothing else can reach the server. Knows no endpoint.
 */
import { StatisticsNetworkError } from '../model/errors.js';
import type { Clock } from '../time/clock.js';
import type { CookieJar } from './cookies.js';
import type { Credentials } from './credentials.js';
import { networkError } from './network-error.js';
import type { ByteResponse, ByteTransport } from './transport.js';

export interface ExchangeOptions {
  /** Without a trailing slash. */
  readonly baseUrl: string;
  readonly transport: ByteTransport;
  readonly credentials: Credentials;
  /** Made with the first cookie that comes, since it takes its time to load; `undefined` where the platform keeps cookies. */
  readonly cookies: () => Promise<CookieJar | undefined>;
  /** Milliseconds for the whole request, body included. */
  readonly timeout: number;
  readonly maxBodyBytes: number;
  readonly clock: Clock;
}

export interface ExchangeRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Below the base, starting with a slash, every segment encoded. */
  readonly path: string;
  /** Encoded, without the question mark. */
  readonly query?: string;
  readonly body?: unknown;
  /** See {@link Transport}. */
  readonly keepalive?: boolean;
}

/** An answer: its body as bytes, and the generation of the token that it is the answer to. */
export interface Exchanged extends Pick<ByteResponse, 'status' | 'headers' | 'body'> {
  readonly generation: number;
}

/**
 * @throws StatisticsNetworkError when nothing came: refused, reset, timed out, too large, unreadable.
 * @throws StatisticsApiError a 401 of before, while there is no other token.
 * @throws the signal's reason, when it aborts.
 */
export type Exchange = (request: ExchangeRequest, signal?: AbortSignal) => Promise<Exchanged>;

export function createExchange(options: ExchangeOptions): Exchange {
  const { baseUrl, transport, credentials, clock } = options;
  let loading: Promise<CookieJar | undefined> | undefined;
  let jar: CookieJar | undefined;

  return async (request, signal) => {
    signal?.throwIfAborted();
    const operation = `${request.method} ${request.path}`;
    const { headers, generation } = await credentials.headers();
    const url = `${baseUrl}${request.path}${request.query === undefined ? '' : `?${request.query}`}`;
    const cookie = [headers['cookie'], jar?.header(url)].filter(Boolean).join('; ');

    const controller = new AbortController();
    const timedOut = new StatisticsNetworkError(`${operation} timed out after ${options.timeout} ms`, 'timeout');
    const cancel = clock.after(options.timeout, () => controller.abort(timedOut));
    const onAbort = (): void => controller.abort(signal?.reason);
    signal?.addEventListener('abort', onAbort, { once: true });
    // A signal that aborted while the token was asked has told nobody.
    if (signal?.aborted === true) {
      onAbort();
    }
    try {
      controller.signal.throwIfAborted();
      const response = await abortable(
        transport(
          {
            method: request.method,
            url,
            headers: {
              accept: 'application/json',
              ...headers,
              ...(cookie === '' ? {} : { cookie }),
              ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
            },
            ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
            ...(request.keepalive === undefined ? {} : { keepalive: request.keepalive }),
            maxBodyBytes: options.maxBodyBytes,
          },
          controller.signal,
        ),
        controller.signal,
      );
      // A transport of a user's own may leave the names as they came.
      const answered = Object.fromEntries(Object.entries(response.headers).map(([name, value]) => [name.toLowerCase(), value]));
      const setCookies = response.setCookies ?? (answered['set-cookie'] === undefined ? [] : [answered['set-cookie']]);
      if (setCookies.length > 0) {
        jar = await (loading ??= options.cookies());
        jar?.store(url, setCookies);
        credentials.keepSecret(setCookies);
      }
      return { ...response, headers: answered, generation };
    } catch (cause) {
      // By the signal, never by the error's name: an abort may surface as any error.
      if (controller.signal.aborted) {
        throw controller.signal.reason;
      }
      throw networkError(operation, cause, credentials);
    } finally {
      cancel();
      signal?.removeEventListener('abort', onAbort);
    }
  };
}

/** A transport that overlooks its signal must not hang us. */
function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    promise.then(resolve, reject);
  });
}
