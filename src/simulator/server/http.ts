/**
 * The HTTP server: connections, the way of a request from its head to its answer, and how each fault shows on the wire.
 * Owns sockets and timers; must not know statistics.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Faults, FaultScript, TakenFault } from '../faults.js';
import type { OpenEntry } from '../ledger.js';
import { ApiError, failed, type Answer } from './answer.js';
import { readBody, type RequestBody } from './body.js';
import { route, splitTarget, type Route } from './route.js';
import { bodyText, send, sendHalf } from './send.js';

/** What the server needs of the rest. */
export interface HttpContext {
  readonly faults: Faults;
  /** Real ms before any request is looked at. */
  readonly latency: number;
  record(entry: OpenEntry): void;
  /** Answers a request; an ApiError it throws becomes its envelope. `onGone` is called back when the client leaves. */
  process(request: HttpRequest, onGone: (gone: () => void) => void): Promise<Answer> | Answer;
  /** What the faults `forget` and `expireToken` do. */
  forget(subscriptionId: string): void;
  expireToken(newToken: string | undefined): void;
}

/** A request, decoded as far as HTTP goes. */
export interface HttpRequest {
  readonly raw: IncomingMessage;
  readonly route: Route;
  readonly entry: OpenEntry;
  readonly body: RequestBody;
}

/** A listening server. */
export interface HttpServer {
  readonly port: number;
  readonly sockets: { readonly open: number; readonly accepted: number };
  /** Ends every connection and timer; resolves when nothing is left. */
  close(): Promise<void>;
}

/** Longer than anybody polls: an idle connection closed by the server just as a request sets out is a fault to script. */
const KEEP_ALIVE = 120_000;

/** Listens. Rejects with the system's error when the port cannot be had. */
export async function listen(context: HttpContext, host: string, port: number): Promise<HttpServer> {
  const sockets = new Set<Socket>();
  const timers = new Set<NodeJS.Timeout>();
  let accepted = 0;
  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(() => {
        timers.delete(timer);
        resolve();
      }, ms);
      timers.add(timer);
    });
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE }, (request, response) => {
    // Whatever fails after the connection broke concerns nobody; anything else would be a defect, told as a 500.
    handle(context, request, response, pause).catch((error: unknown) => {
      if (response.headersSent || response.destroyed) response.destroy();
      else send(request, response, failed(500, `the simulator failed: ${String(error)}`, request.url ?? ''));
    });
  });
  server.on('connection', (socket) => {
    accepted++;
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return {
    port: (server.address() as AddressInfo).port,
    get sockets() {
      return { open: sockets.size, accepted };
    },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
      const gone = [...sockets].map((socket) => new Promise<void>((resolve) => socket.once('close', () => resolve())));
      for (const socket of sockets) socket.destroy();
      await Promise.all([closed, ...gone]);
    },
  };
}

async function handle(context: HttpContext, raw: IncomingMessage, response: ServerResponse, pause: (ms: number) => Promise<void>): Promise<void> {
  const method = raw.method ?? '';
  const { path, query } = splitTarget(raw.url ?? '');
  const found = route(method, path);
  const entry: OpenEntry = { at: Date.now(), operation: found.operation, method, path, query, headers: flatHeaders(raw) };
  if (found.operation === 'read' || found.operation === 'close') entry.subscriptionId = found.name;
  context.record(entry);
  const body = await readBody(raw);
  if (body.text !== '') entry.body = body.text;
  if (context.latency > 0) await pause(context.latency);

  const request: HttpRequest = { raw, route: found, entry, body };
  const taken = context.faults.take(entry);
  const ready = taken === undefined ? unprocessed : await before(context, taken, response, entry, pause);
  if (ready === 'gone') {
    response.socket?.resetAndDestroy();
    return;
  }
  const fault = taken?.fault;
  const answer = ready === unprocessed ? altered(fault, await answerOf(context, request, response)) : ready;
  if (fault?.kind === 'resetAfter') {
    response.socket?.resetAndDestroy();
  } else if (fault?.kind === 'truncate') {
    sendHalf(raw, response, answer);
  } else {
    entry.status = answer.status;
    entry.answeredAt = Date.now();
    send(raw, response, answer);
  }
}

const unprocessed = Symbol('to be processed');

/** The part of a fault before the request is processed: an answer instead of it, `'gone'`, or on to the processing. */
async function before(
  context: HttpContext, { fault, onUndo }: TakenFault, response: ServerResponse, entry: OpenEntry, pause: (ms: number) => Promise<void>,
): Promise<Answer | 'gone' | typeof unprocessed> {
  switch (fault.kind) {
    case 'status': {
      const { status, headers = {} } = fault;
      const plain = failed(status, `scripted ${status}`, entry.path);
      return { status, body: fault.body === undefined ? plain.body : bodyText(fault.body), headers };
    }
    case 'body':
      return { status: fault.status ?? 200, body: bodyText(fault.body), headers: fault.headers ?? {} };
    case 'delay':
      await pause(fault.ms);
      break;
    case 'hang':
      // A request nobody waits for any more is never processed: that is what "no answer at all" means.
      await new Promise<void>((resolve) => onUndo(resolve));
      return response.destroyed ? 'gone' : unprocessed;
    case 'reset':
      return 'gone';
    case 'forget':
      if (entry.subscriptionId !== undefined) context.forget(entry.subscriptionId);
      break;
    case 'expireToken':
      context.expireToken(fault.newToken);
      break;
    default:
  }
  return unprocessed;
}

async function answerOf(context: HttpContext, request: HttpRequest, response: ServerResponse): Promise<Answer> {
  try {
    return await context.process(request, (gone) => response.once('close', gone));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { ...failed(error.status, error.message, request.entry.path, error.details), headers: error.headers };
  }
}

function altered(fault: FaultScript | undefined, answer: Answer): Answer {
  if (fault?.kind !== 'rewrite') return answer;
  const text = String(answer.body);
  return { ...answer, body: bodyText(fault.rewrite(text === '' ? undefined : JSON.parse(text))) };
}

function flatHeaders({ headers }: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, [value].flat().join(', ')]])),
  );
}
