/**
 * The interface to HTTP: a function from a request of plain data and a signal to one response of plain data. Implemented over
 * `fetch` and `cross-fetch`, or by any function that fulfils the duties below. Knows nothing of the API.
 */
import type { StatisticsError } from '../model/errors.js';
import { textOfBody, type Body } from './body.js';
import { callTransport, TransportFailure } from './network-error.js';
import { promised, readResponse } from './response.js';

/** A request for a transport to send. */
export interface TransportRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
  /** The request must outlive the page that sends it: `keepalive` of a browser's `fetch`. */
  readonly keepalive?: boolean;
  /** The most bytes of decoded body to accept. */
  readonly maxBodyBytes: number;
}

/** The answer to a request. An answer with any status is a result, never an error of the transport. */
export interface TransportResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Record<string, string>;
  readonly body: string;
  /** Each `Set-Cookie` header of the answer. If absent, `headers['set-cookie']` is read as a single one. */
  readonly setCookies?: readonly string[] | undefined;
}

/**
 * Sends one request and resolves to its whole answer.
 *
 * Its duties: resolve for any HTTP status; never follow a redirect; never answer from a cache; reject once the decoded
 * body exceeds `maxBodyBytes`, is not UTF-8, or ends early; reject at once with `signal.reason` when the signal aborts;
 * leave no body unread. A transport needs no timeout: the caller aborts the signal.
 */
export type Transport = (request: TransportRequest, signal: AbortSignal) => Promise<TransportResponse>;

/** An answer whose body is bytes. Decoding checks that they are UTF-8. */
export interface ByteResponse extends Omit<TransportResponse, 'body'> {
  readonly body: Body;
}

/**
 * The client's own transport. It has the same duties except the check of UTF-8, because polls are compared as bytes. It rejects with
 * a `TransportFailure` if the platform or the program's code fails. `onPlatformFailure` is called once for each unusable part.
 */
export type ByteTransport = (request: TransportRequest, signal: AbortSignal, onPlatformFailure?: (error: StatisticsError) => void) => Promise<ByteResponse>;

/** From each result of {@link inText} to the transport that it wraps. */
const ofBytes = new WeakMap<Transport, ByteTransport>();

/** Makes a transport for programs, with bodies as text. */
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

/** Makes a transport for the client. A result of {@link inText} is unwrapped; the answers of any other transport are checked. */
export function inBytes(transport: Transport): ByteTransport {
  return (
    ofBytes.get(transport) ??
    (async (request, signal) => {
      const { body, ...response } = await callTransport(async () => readResponse(await promised(transport(request, signal))));
      return { ...response, body: { bytes: new TextEncoder().encode(body), release: forTheCollector } };
    })
  );
}

const forTheCollector = (): void => undefined;
