/**
 * The waist to HTTP: a request of plain data and a signal give one response of plain data. Implemented by `fetch`,
 * by `cross-fetch` with an agent, by anything else that keeps the duties below.
 */
import type { StatisticsError } from '../model/errors.js';
import { textOfBody, type Body } from './body.js';
import { foreign, TransportFailure } from './network-error.js';
import { promised, readResponse } from './response.js';

export interface TransportRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
  /** It is to be sent to its end even if the page that sends it goes: `keepalive` of a browser's `fetch`. */
  readonly keepalive?: boolean;
  /** The most bytes of decoded body to take. */
  readonly maxBodyBytes: number;
}

export interface TransportResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Record<string, string>;
  readonly body: string;
  /** Every `Set-Cookie` of the answer, one each; where it is absent, `headers['set-cookie']` is read as one. */
  readonly setCookies?: readonly string[] | undefined;
}

/**
 * Sends one request and gives its whole answer.
 *
 * Its duties: resolve for any HTTP status; never follow a redirect; reject once the decoded body passes
 * `maxBodyBytes`, is not UTF-8, or ends early; reject at once with `signal.reason` when the signal aborts; leave no
 * body unread. The timeout is the caller's, by the signal.
 */
export type Transport = (request: TransportRequest, signal: AbortSignal) => Promise<TransportResponse>;

/** An answer whose body is bytes. Whether they are UTF-8 is for whoever makes a text of them to see. */
export interface ByteResponse extends Omit<TransportResponse, 'body'> {
  readonly body: Body;
}

/**
 * The client's own waist: the same duties but for UTF-8. What is polled again and again is compared as it comes. A failure that is not
 * ours is a `TransportFailure`; `onPlatformFailure` hears of what it does without.
 */
export type ByteTransport = (request: TransportRequest, signal: AbortSignal, onPlatformFailure?: (error: StatisticsError) => void) => Promise<ByteResponse>;

/** What {@link inText} was made of. */
const ofBytes = new WeakMap<Transport, ByteTransport>();

/** The same for a program, to which bodies are text. */
export function inText(transport: ByteTransport): Transport {
  const texts: Transport = async (request, signal) => {
    const { body, ...response } = await transport(request, signal).catch((error: unknown) => {
      throw error instanceof TransportFailure ? error.reason : error;
    });
    try {
      return { ...response, body: textOfBody(body) };
    } finally {
      body.release();
    }
  };
  ofBytes.set(texts, transport);
  return texts;
}

/** The same for the client: one of a program's own may give anything; one that is ours is taken for what it was made of. */
export function inBytes(transport: Transport): ByteTransport {
  return (
    ofBytes.get(transport) ??
    (async (request, signal) => {
      const { body, ...response } = await foreign(async () => readResponse(await promised(transport(request, signal))));
      return { ...response, body: { bytes: new TextEncoder().encode(body), release: forTheCollector } };
    })
  );
}

const forTheCollector = (): void => undefined;
