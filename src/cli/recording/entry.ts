/** The lines of a recording: requests and answers with their times, without secrets. Owns the form for writing and reading. */
import type { TransportRequest, TransportResponse } from '../../index.js';
import type { Exchange } from './exchange.js';
import { cookiesOf } from './exchange.js';
import type { Secrets } from './secrets.js';

/** The first line. */
export interface RecordingHead {
  readonly type: 'recording';
  readonly version: 1;
  /** ISO time. */
  readonly at: string;
}

/** A request and its answer. */
export interface RecordedExchange {
  readonly type: 'exchange';
  /** ISO time of the request. */
  readonly at: string;
  /** Milliseconds from the beginning of the recording to the request. */
  readonly after: number;
  /** Milliseconds from the request to the answer. */
  readonly took: number;
  readonly method: string;
  /** The path below the base URL, with the query. */
  readonly path: string;
  readonly body?: string;
  /** Absent if no answer came; `failure` is then the reason. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** The names of the cookies that the answer set. */
  readonly cookies?: readonly string[];
  readonly answer?: string;
  readonly failure?: string;
}

/** The recorded headers of answers. Any other header may hold a secret or an address. */
const keptHeaders = ['content-type', 'content-encoding', 'date', 'age', 'cache-control', 'retry-after', 'server', 'via'];

/** @param base - the base URL, without a trailing slash. @param start - epoch milliseconds of the beginning. */
export function entryOf({ at, took, request, response, failure }: Exchange, base: string, start: number, { hide }: Secrets): RecordedExchange {
  return {
    type: 'exchange',
    at: new Date(at).toISOString(),
    after: at - start,
    took,
    method: request.method,
    path: hide(pathOf(request, base)),
    ...(request.body === undefined ? {} : { body: hide(request.body) }),
    ...(response === undefined ? { failure: hide(reasonOf(failure)) } : answerOf(response, hide)),
  };
}

function answerOf(response: TransportResponse, hide: (text: string) => string): Pick<RecordedExchange, 'status' | 'headers' | 'cookies' | 'answer'> {
  const cookies = cookiesOf(response).map((cookie) => cookie.slice(0, Math.max(0, cookie.indexOf('='))));
  const headers = keptHeaders.flatMap((name) => (response.headers[name] === undefined ? [] : [[name, hide(response.headers[name])] as const]));
  return {
    status: response.status,
    headers: Object.fromEntries(headers),
    ...(cookies.length === 0 ? {} : { cookies }),
    answer: hide(response.body),
  };
}

function pathOf({ url }: TransportRequest, base: string): string {
  return url.startsWith(base) ? url.slice(base.length) : new URL(url).pathname;
}

/** The innermost code or message, because the outer errors of `fetch` only say that fetch failed. */
function reasonOf(failure: unknown): string {
  let root = failure;
  while (root instanceof Error && root.cause instanceof Error) {
    root = root.cause;
  }
  return root instanceof Error ? ((root as NodeJS.ErrnoException).code ?? root.message) : String(root);
}
