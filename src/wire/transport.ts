/**
 * The waist to HTTP: a request of plain data and a signal give one response of plain data. Implemented by `fetch`, by
 * `cross-fetch` with an agent, and by anything else that fulfils the duties below. Knows nothing of the API.
 */
import type { StatisticsError } from '../model/errors.js';
import { textOfBody, type Body } from './body.js';
import { foreign, TransportFailure } from './network-error.js';
import { promised, readResponse } from './response.js';

/** A request, as a transport has to send it. */
export interface TransportRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
  /** The request must outlive the page that sends it: `keepalive` of a browser's `fetch`. */
  readonly keepalive?: boolean;
  /** The most bytes of decoded body to take. */
  readonly maxBodyBytes: number;
}

/** The answer to a request: whatever its status, an answer is not an error of the transport. */
export interface TransportResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Record<string, string>;
  readonly body: string;
  /** Each `Set-Cookie` header of the answer; where this is absent, `headers['set-cookie']` is read as a single one. */
  readonly setCookies?: readonly string[] | undefined;
}

/**
 * Sends one request and gives its whole answer.
 *
 * Its duties: resolve for any HTTP status; never follow a redirect; never answer out of a cache; reject once the decoded
 * body exceeds `maxBodyBytes`, is not UTF-8, or ends early; reject at once with `signal.reason` when the signal aborts;
 * leave no body unread. The caller keeps the timeout, by means of the signal.
 */
export type Transport = (request: TransportRequest, signal: AbortSignal) => Promise<TransportResponse>;

/** An answer whose body is bytes. Their UTF-8 is checked when they are decoded. */
export interface ByteResponse extends Omit<TransportResponse, 'body'> {
  readonly body: Body;
}

/**
 * The client's own waist: the same duties except for UTF-8, because polls are compared as bytes. A failure that is not ours is a
 * `TransportFailure`. `onPlatformFailure` is called once for each part of the platform that it does without.
 */
export type ByteTransport = (request: TransportRequest, signal: AbortSignal, onPlatformFailure?: (error: StatisticsError) => void) => Promise<ByteResponse>;

/** The transport behind each result of {@link inText}. */
const ofBytes = new WeakMap<Transport, ByteTransport>();

/** A transport for programs, whose bodies are text. */
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

/** A transport for the client. One made by {@link inText} is unwrapped; the answers of any other are checked. */
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
