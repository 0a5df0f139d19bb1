/**
 * The server without sockets: requests as function calls to the same exchange. Owns the current calls, and turns outcomes into
 * results and errors. Does not look at their content. The shapes fit the client's `Transport`.
 */
import { MOST_BODY_BYTES, parseBody, tooLarge } from './body.js';
import type { Exchange, Outcome } from './message.js';

/** A request as the client passes it to its `transport` option. */
export interface SimulatorRequest {
  readonly method: string;
  /** Absolute. Its origin is ignored. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** The largest answer to accept, in bytes. */
  readonly maxBodyBytes: number;
}

/** An answer as the client expects it from its `transport` option. */
export interface SimulatorResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Record<string, string>;
  readonly body: string;
  readonly setCookies: readonly string[];
}

/**
 * Sends one request to a simulator without a socket. Rejects with the signal's reason when the signal aborts. If a connection would
 * be refused or broken, rejects with an error with the system's `code` (`ECONNREFUSED`, `ECONNRESET`).
 */
export type SimulatorTransport = (request: SimulatorRequest, signal: AbortSignal) => Promise<SimulatorResponse>;

/** The calls of one simulator. */
export interface Calls {
  readonly transport: SimulatorTransport;
  /** Accepts calls from now on. */
  accept(): void;
  /** Breaks off the current calls and refuses new ones. */
  refuse(): void;
}

/** Makes the transport; it refuses calls until `accept()`. */
export function createCalls(exchange: Exchange): Calls {
  const underWay = new Set<(reason: Error) => void>();
  let accepting = false;

  const transport: SimulatorTransport = (request, signal) =>
    new Promise((resolve, reject) => {
      signal.throwIfAborted();
      if (!accepting) throw failure('ECONNREFUSED', 'the simulator has stopped');
      const { pathname, search } = new URL(request.url);
      const leaving = new Set<() => void>();
      let isGone = false;
      const end = (): void => {
        underWay.delete(leave);
        signal.removeEventListener('abort', abort);
      };
      const leave = (reason: Error): void => {
        end();
        isGone = true;
        reject(reason);
        for (const gone of leaving) gone();
      };
      const abort = (): void => leave(signal.reason as Error);
      underWay.add(leave);
      signal.addEventListener('abort', abort);
      void exchange({
        method: request.method,
        target: pathname + search,
        headers: Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value])),
        isLocal: true,
        body: () => Promise.resolve(bodyOf(request.body ?? '')),
        get isGone() {
          return isGone;
        },
        onGone: (gone) => void leaving.add(gone),
      })
        .then((outcome) => responseOf(outcome, request.maxBodyBytes))
        .then(resolve, reject)
        .finally(end);
    });

  return {
    transport,
    accept() {
      accepting = true;
    },
    refuse() {
      accepting = false;
      for (const leave of [...underWay]) leave(failure('ECONNRESET', 'the simulator has stopped'));
    },
  };
}

function bodyOf(body: string) {
  // No character takes more than three bytes of UTF-8 per unit of UTF-16.
  const isLarge = body.length * 3 > MOST_BODY_BYTES && new TextEncoder().encode(body).length > MOST_BODY_BYTES;
  return isLarge ? tooLarge() : parseBody(body);
}

function responseOf(outcome: Outcome, maxBodyBytes: number): SimulatorResponse {
  if (outcome.kind === 'reset') throw failure('ECONNRESET', 'the connection was reset');
  if (outcome.kind === 'half') throw failure('ECONNRESET', 'the connection was closed in the middle of the answer');
  const bytes = typeof outcome.body === 'string' ? new TextEncoder().encode(outcome.body) : outcome.body;
  if (bytes.length > maxBodyBytes) throw new RangeError(`the answer has ${bytes.length} bytes, more than ${maxBodyBytes}`);
  const headers = Object.fromEntries(Object.entries(outcome.headers).map(([name, value]) => [name.toLowerCase(), value]));
  const { 'set-cookie': cookie, ...rest } = headers;
  return {
    status: outcome.status,
    headers: rest,
    body: typeof outcome.body === 'string' ? outcome.body : new TextDecoder('utf-8', { fatal: true }).decode(bytes),
    setCookies: cookie === undefined ? [] : [cookie],
  };
}

const failure = (code: string, message: string): Error => Object.assign(new Error(message), { code });
