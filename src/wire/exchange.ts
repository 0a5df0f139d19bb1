/**
 * One request, one answer: waits its turn, adds credentials, sets the deadline, keeps cookies, and turns every failure into an error of ours.
 * Every request of the client passes here, so nothing else can reach the server. Knows no endpoint.
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
  /** Loads the jar, with the first cookie that comes; `undefined` where the platform keeps cookies. */
  readonly cookies: () => Promise<CookieJar | undefined>;
  /** Milliseconds for the whole request, body included, from when it is sent. */
  readonly timeout: number;
  readonly maxBodyBytes: number;
  readonly clock: Clock;
  /** A part of the platform cannot be used, and the client goes on without it. Called once for each. */
  readonly onPlatformFailure: (error: StatisticsError) => void;
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
  /** Ends the request as long as nothing has been sent: an opening that is under way is never aborted (G3, G13). */
  readonly unsent?: AbortSignal | undefined;
  /** Sends the request now, however many others are under way. */
  readonly urgent?: AbortSignal | undefined;
}

/** An answer: its body as bytes, and the generation of the token that it is the answer to. */
export interface Exchanged extends Pick<ByteResponse, 'status' | 'headers' | 'body'> {
  readonly generation: number;
  /** The base URL it was sent below. */
  readonly baseUrl: string;
}

/**
 * @throws StatisticsNetworkError when nothing came: refused, reset, timed out, too large, unreadable.
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

  /** The answer counts whether or not its cookies can be kept. */
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

  /** @param arrived - called when nothing of the request is under way any more. */
  async function send(request: ExchangeRequest, { headers, generation }: Authorized, signal: AbortSignal | undefined, arrived: () => void): Promise<Exchanged> {
    const operation = `${request.method} ${request.path}`;
    const url = `${baseUrl}${request.path}${request.query === undefined ? '' : `?${request.query}`}`;
    const cookie = [headers['cookie'], jar?.header(url)].filter(Boolean).join('; ');

    const controller = new AbortController();
    const timedOut = new StatisticsNetworkError(`${operation} timed out after ${options.timeout} ms`, 'timeout');
    const cancel = clock.after(options.timeout, () => controller.abort(timedOut));
    const onAbort = (): void => controller.abort(signal?.reason);
    signal?.addEventListener('abort', onAbort, { once: true });
    // A signal that aborted before has notified nobody.
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
      // A transport that overlooks its signal must not hang us.
      const { setCookies = [], ...response } = await abortable(sent, aborted);
      arrived();
      if (response.status === 431) {
        // Of all that is sent only cookies grow, so the next request may fit without them.
        jar = loading = undefined;
      }
      if (setCookies.length > 0) {
        await keepCookies(url, setCookies);
      }
      return { ...response, generation, baseUrl };
    } catch (cause) {
      // By the signal, never by the error's name: an abort may surface as any error.
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
