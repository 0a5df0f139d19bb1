/**
 * Handles a request from its head to its outcome: ledger, latency, faults, processing. Owns this order, which the socket server and
 * the transport share. Knows no sockets or statistics.
 */
import type { Faults, FaultScript, TakenFault } from '../faults.js';
import type { OpenEntry } from '../ledger.js';
import { ApiError, failed, type Answer } from './answer.js';
import type { RequestBody } from './body.js';
import { bodyText, headersOf, isBodiless } from './head.js';
import type { Exchange, Incoming, Outcome, RequestHeaders } from './message.js';
import { route, splitTarget, type Route } from './route.js';

/** The collaborators of the exchange. */
export interface ExchangeContext {
  readonly faults: Faults;
  /** Real ms before a request is handled. */
  readonly latency: number;
  /** Waits this number of real milliseconds; never resolves once the server has stopped. */
  pause(ms: number): Promise<void>;
  record(entry: OpenEntry): void;
  /** Answers a request; an ApiError it throws becomes its envelope. `onGone` is called back when the requester leaves. */
  process(request: DecodedRequest, onGone: (gone: () => void) => void): Promise<Answer> | Answer;
  /** The effects of the faults `forget` and `expireToken`. */
  forget(subscriptionId: string): void;
  expireToken(newToken: string | undefined): void;
}

/** A request with its path, query and body decoded. */
export interface DecodedRequest {
  readonly headers: RequestHeaders;
  readonly route: Route;
  readonly entry: OpenEntry;
  readonly body: RequestBody;
}

/** Makes the function that turns requests into outcomes. */
export function createExchange(context: ExchangeContext): Exchange {
  return async (incoming) => {
    try {
      return await handle(context, incoming);
    } catch (error) {
      // A failure after the requester has left is ignored. Any other is a bug, reported as a 500.
      if (incoming.isGone) return { kind: 'reset' };
      return outcomeOf(incoming, failed(500, `the simulator failed: ${String(error)}`, incoming.target), 'answer');
    }
  };
}

async function handle(context: ExchangeContext, incoming: Incoming): Promise<Outcome> {
  const { method } = incoming;
  const { path, query } = splitTarget(incoming.target);
  const found = route(method, path);
  const entry: OpenEntry = { at: Date.now(), operation: found.operation, method, path, query, headers: incoming.headers };
  if (found.operation === 'read' || found.operation === 'close') entry.subscriptionId = found.name;
  context.record(entry);
  const body = await incoming.body();
  if (body.text !== '') entry.body = body.text;
  if (context.latency > 0) await context.pause(context.latency);

  const taken = context.faults.take(entry);
  const ready = taken === undefined ? unprocessed : await before(context, taken, incoming, entry);
  if (ready === 'gone') return { kind: 'reset' };
  const fault = taken?.fault;
  const request = { headers: incoming.headers, route: found, entry, body };
  const answer = ready === unprocessed ? altered(fault, await answerOf(context, request, incoming)) : ready;
  if (fault?.kind === 'resetAfter') return { kind: 'reset' };
  if (fault?.kind === 'truncate') return outcomeOf(incoming, answer, 'half');
  entry.status = answer.status;
  entry.answeredAt = Date.now();
  return outcomeOf(incoming, answer, 'answer');
}

const unprocessed = Symbol('to be processed');

/** Applies the part of a fault that precedes processing. Returns an answer, `'gone'`, or the decision to process the request. */
async function before(
  context: ExchangeContext, { fault, onUndo }: TakenFault, incoming: Incoming, entry: OpenEntry,
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
      await context.pause(fault.ms);
      break;
    case 'hang':
      // A hanging request is never processed once its requester has left, because the fault is "no answer at all".
      await new Promise<void>((resolve) => onUndo(resolve));
      return incoming.isGone ? 'gone' : unprocessed;
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

async function answerOf(context: ExchangeContext, request: DecodedRequest, incoming: Incoming): Promise<Answer> {
  try {
    return await context.process(request, (gone) => incoming.onGone(gone));
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

function outcomeOf({ method, headers }: Incoming, answer: Answer, kind: 'answer' | 'half'): Outcome {
  const body = isBodiless(answer.status) && kind === 'answer' ? '' : answer.body;
  return { kind, status: answer.status, headers: headersOf(method, headers, answer), body };
}
