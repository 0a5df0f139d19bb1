/**
 * The waist to HTTP: a request of plain data and a signal give one response of plain data. Implemented by `fetch`,
 * by `cross-fetch` with an agent, by anything else that keeps the duties below.
 */
import { StatisticsNetworkError } from '../model/errors.js';
import { textOfBody, type Body } from './body.js';

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
  readonly setCookies?: readonly string[];
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

/** The client's own waist: the same duties but for UTF-8. What is polled again and again is compared as it comes. */
export type ByteTransport = (request: TransportRequest, signal: AbortSignal) => Promise<ByteResponse>;

/** What {@link inText} was made of. */
const ofBytes = new WeakMap<Transport, ByteTransport>();

/** The same for a program, to which bodies are text. */
export function inText(transport: ByteTransport): Transport {
  const texts: Transport = async (request, signal) => {
    const { body, ...response } = await transport(request, signal);
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
  return ofBytes.get(transport) ?? ((request, signal) => transport(request, signal).then(encode));
}

/** What is no answer must not pass for a bug of ours, which ends the upstream. */
function encode(response: Partial<TransportResponse> | undefined): ByteResponse {
  const { status, headers, body, setCookies } = response ?? {};
  if (status === undefined || !Number.isInteger(status) || typeof headers !== 'object' || typeof body !== 'string') {
    throw new StatisticsNetworkError('the transport gave no status, headers and body', 'unreadable');
  }
  return { status, headers, body: { bytes: new TextEncoder().encode(body), release: forTheCollector }, ...(setCookies === undefined ? {} : { setCookies }) };
}

const forTheCollector = (): void => undefined;
