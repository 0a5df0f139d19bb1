/**
 * Sends one request and returns its answer: waits in the request queue, adds credentials, sets the deadline, keeps cookies, and
 * turns every failure into one of our errors. Every request of the client passes here. Knows no endpoint.
 */
import { harmless, StatisticsError, StatisticsNetworkError, UnexpectedError } from '../model/errors.js';
import { abortable } from '../time/abortable.js';
import type { Clock } from '../time/clock.js';
import type { CookieJar } from './cookies.js';
import type { Credentials } from './credentials.js';
import { networkError, TransportFailure } from './network-error.js';
import { redactCause } from './redact-cause.js';
import type { RequestKind, RequestQueue } from './request-queue.js';
import type { ByteResponse, ByteTransport } from './transport.js';

export interface ExchangeOptions {
  /** Without a trailing slash. */
  readonly baseUrl: string;
  readonly transport: ByteTransport;
  readonly credentials: Credentials;
  readonly requests: Pick<RequestQueue, 'enter'>;
  /** Loads the cookie jar when the first cookie arrives. Resolves `undefined` if the platform keeps cookies itself. */
  readonly cookies: () => Promise<CookieJar | undefined>;
  /** Milliseconds for the whole request, from sending it to the end of the answer's body. */
  readonly timeout: number;
  readonly maxBodyBytes: number;
  readonly clock: Clock;
  /** Called once for each part of the platform that cannot be used. The client goes on without it. */
  readonly onPlatformFailure: (error: StatisticsError) => void;
}

export interface ExchangeRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** The path below the base URL, starting with a slash, every segment encoded. */
  readonly path: string;
  /** The encoded query, without the question mark. */
  readonly query?: string;
  readonly body?: unknown;
  /** See {@link Transport}. */
  readonly keepalive?: boolean;
  /** When this aborts, a request that has not been sent yet ends. An opening that is under way is never aborted (G3, G13). */
  readonly unsent?: AbortSignal | undefined;
  /** When this aborts, the request is sent at once, however many others are under way. */
  readonly urgent?: AbortSignal | undefined;
}

/** An answer: its body as bytes, and the generation of the token that was sent. */
export interface Exchanged extends Pick<ByteResponse, 'status' | 'headers' | 'body'> {
  readonly generation: number;
  /** The base URL of the request. */
  readonly baseUrl: string;
}

/**
 * @throws StatisticsNetworkError when no usable answer came: refused, reset, timed out, too large, unreadable.
 * @throws StatisticsApiError an earlier 401, while there is no other token.
 * @throws StatisticsError for a bug of this library.
 * @throws the signal's reason, when it aborts.
 */
export type Exchange = (request: ExchangeRequest, signal?: AbortSignal) => Promise<Exchanged>;

type Authorized = Awaited<ReturnType<Credentials['headers']>>;

export function createExchange(options: ExchangeOptions): Exchange {
  const { baseUrl, transport, credentials, requests, clock, onPlatformFailure } = options;
  let loading: Promise<CookieJar | undefined> | undefined;
  let jar: CookieJar | undefined;

  /** Keeps the cookies of an answer. Never throws because of them: the answer is valid without its cookies. */
  async function keepCookies(url: string, setCookies: readonly string[]): Promise<void> {
    loading ??= options.cookies().catch((cause: unknown) => {
      onPlatformFailure(new StatisticsError('cookies are not kept, since the cookie jar cannot be loaded', { cause }));
      return undefined;
    });
    jar = await loading;
    credentials.keepSecret(jar?.store(url, setCookies) ?? []);
  }

  return async (request, signal) => {
    const operation = `${request.method} ${request.path}`;
    const until = signal ?? request.unsent;
    let isSent = false;
    let leave = (): void => undefined;
    try {
      leave = await requests.enter(kindOf(request), { until, urgent: request.urgent });
      const authorized = await credentials.headers(until);
      isSent = true;
      return await send(request, authorized, signal, leave);
    } catch (error) {
      if (!isSent && request.unsent?.aborted === true) {
        throw new StatisticsNetworkError(`${operation} was not sent: nobody waits for it any more`, 'refused', { cause: error });
      }
      throw error;
    } finally {
      leave();
    }
  };

  /** @param arrived - called when the whole answer has arrived, so that the next request may be sent. */
  async function send(request: ExchangeRequest, { headers, generation }: Authorized, signal: AbortSignal | undefined, arrived: () => void): Promise<Exchanged> {
    const operation = `${request.method} ${request.path}`;
    const url = `${baseUrl}${request.path}${request.query === undefined ? '' : `?${request.query}`}`;
    const cookie = [headers['cookie'], jar?.header(url)].filter(Boolean).join('; ');

    const controller = new AbortController();
    const timedOut = new StatisticsNetworkError(`${operation} timed out after ${options.timeout} ms`, 'timeout');
    const cancel = clock.after(options.timeout, () => controller.abort(timedOut));
    const onAbort = (): void => controller.abort(signal?.reason);
    signal?.addEventListener('abort', onAbort, { once: true });
    // If the signal aborted before the listener was added, there is no event.
    if (signal?.aborted === true) {
      onAbort();
    }
    const aborted = controller.signal;
    try {
      aborted.throwIfAborted();
      const sent = transport(
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
        aborted,
        onPlatformFailure,
      );
      // A transport that ignores its signal must not block the client.
      const { setCookies = [], ...response } = await abortable(sent, aborted);
      arrived();
      if (response.status === 431) {
        // 431: the headers are too large. Cookies are the only part that grows, so the next request may fit without them.
        jar = loading = undefined;
      }
      if (setCookies.length > 0) {
        await keepCookies(url, setCookies);
      }
      return { ...response, generation, baseUrl };
    } catch (cause) {
      // Check the signal, not the error's name, because platforms report an abort by different errors.
      if (aborted.aborted) {
        throw aborted.reason;
      }
      if (cause instanceof TransportFailure || cause instanceof StatisticsNetworkError) {
        throw networkError(operation, cause instanceof TransportFailure ? cause.reason : cause, credentials.redact);
      }
      const what = harmless(credentials.redact(String(cause)));
      throw new UnexpectedError(`${operation} failed by a bug of genesys-statistics-rx, or of the platform: ${what}`, { cause: redactCause(cause, credentials.redact) });
    } finally {
      cancel();
      signal?.removeEventListener('abort', onAbort);
    }
  }
}

function kindOf({ method, path }: ExchangeRequest): RequestKind {
  if (method === 'DELETE') {
    return 'delete';
  }
  return !path.startsWith('/subscriptions') ? 'peek' : method === 'GET' ? 'poll' : 'open';
}
