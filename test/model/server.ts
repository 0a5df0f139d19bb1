/**
 * The scheduled server: a Statistics API in this process. The scheduler decides when a request arrives and when its answer does.
 * Owns the faults, the ledger, and the invariants of requests: I3, I5, I17, I22. Knows nothing of observers.
 */
import type fc from 'fast-check';
import type { Transport, TransportRequest, TransportResponse } from '../../src/index.js';
import type { VirtualClock } from '../support/virtual-clock.js';
import { keyOf, statisticOf } from './catalogue.js';
import type { History } from './history.js';

export type Operation = 'open' | 'read' | 'close' | 'peek';

/** A fault of a request. */
export type Fault =
  /** The connection is refused, or reset before the request was processed. */
  | 'refused' | 'reset'
  /** The request is processed, and the answer lost: by a reset, by a gateway that reports it, or without any reply. */
  | 'lost' | 'gateway' | 'silent'
  /** The request is neither processed nor answered. */
  | 'hang'
  /** The request is processed, and the answer is unusable: no JSON, no data, a failure code, our credentials in an error. */
  | 'html' | 'no data' | 'no' | 'echo'
  /** The request is processed, and the answer is wrong: incomplete, empty, an earlier one, or about another set. */
  | 'partial' | 'empty' | 'cached' | 'foreign'
  /** The request is answered with this status, and not processed. */
  | number;

export interface FaultScript {
  readonly operation: Operation | 'any';
  readonly fault: Fault;
  /** The number of requests that the fault affects. */
  readonly times: number;
  readonly retryAfter?: string;
}

/** The style of the server's answers, which may make no difference to any observer (I24). */
export interface Dialect {
  /** The answer for an unknown subscription. */
  readonly unknown: 400 | 403 | 404 | 500 | 'no data' | 'empty';
  /** Whether the server uses the ids of requests, or makes up its own. */
  readonly ids: 'given' | 'own';
  /** Whether statistics keep their places from answer to answer. */
  readonly order: 'kept' | 'turning';
  /** Whether answers hold statistics that were not requested. */
  readonly extras: boolean;
}

export const plainDialect: Dialect = { unknown: 404, ids: 'given', order: 'kept', extras: false };

/** A request, recorded when the client starts it. */
export interface Sent {
  readonly operation: Operation;
  /** The id of the subscription; the operationId for `open`, `''` for `peek`. */
  readonly id: string;
  readonly keys: readonly number[];
  readonly at: number;
  readonly request: TransportRequest;
  /** The time at which the client stopped waiting for the answer. */
  gaveUpAt?: number;
}

interface Subscription {
  readonly id: string;
  readonly operationId: string;
  readonly keys: readonly number[];
  readonly statisticIds: readonly string[];
  /** The last answers, by query. */
  readonly answers: Map<string, unknown>;
  reads: number;
}

/** The outcome of a DELETE. A refused one is final too, because the server would refuse it again. */
type Deletion = 'on its way' | 'failed' | 'answered' | 'refused';

export interface ScheduledServer {
  readonly transport: Transport;
  readonly requests: readonly Omit<Sent, 'request'>[];
  /** All subscriptions that were ever opened. */
  readonly opened: readonly { readonly id: string; readonly operationId: string }[];
  /** The subscriptions that are open now. */
  readonly open: ReadonlyMap<string, { readonly id: string; readonly operationId: string; readonly keys: readonly number[] }>;
  readonly deletions: ReadonlyMap<string, Deletion>;
  /** Statistics because of which a request was refused, or that an answer lacked. Their observers may get an error. */
  readonly blamed: ReadonlySet<number>;
  /** Whether a correct statistic was refused. Then others may be rejected with it. */
  readonly isHarsh: boolean;
  /** Whether a request was ever refused because of its size. */
  readonly hasRefusedSize: boolean;
  /** Monotonic time of the last answer with a Retry-After. Its wait may apply to requests that fail without one. */
  readonly toldToWaitAt: number;
  /** The latest lines of the log. */
  readonly log: readonly string[];
  note(line: string): void;
  /** Milliseconds from processing to the answer. */
  latency: number;
  online: boolean;
  /** The accepted token; `undefined`: no token is needed. */
  token: string | undefined;
  /** The most statistics in one subscription. */
  most: number;
  /** Statistics that the server refuses. */
  readonly refused: Set<number>;
  /** Records an event after which the client may poll at once. */
  nudge(): void;
  fault(script: FaultScript): void;
  /** Ends all faults. */
  heal(): void;
  /** Resets every connection, and may forget the open subscriptions. */
  restart(keepState: boolean): void;
  /** Lets another node, which knows no subscription, take over. */
  rotateCookie(): void;
  /** From now on no request that the client gave up arrives any more. */
  clientClosed(): void;
  /** The client's page was left, so the client deletes everything at once, even before its POST is answered. */
  pageLeft(): void;
}

export interface ServerDeps {
  readonly scheduler: fc.Scheduler;
  readonly clock: VirtualClock;
  readonly history: History;
  readonly dialect: Dialect;
  readonly baseUrl: string;
  readonly apiKey: string;
  /** Milliseconds after which the client gives up a request. */
  readonly timeout: number;
  /** The least number of milliseconds between two polls of a subscription, if nothing makes the client poll earlier. */
  readonly leastGap: number;
  /** Called when the client violates an invariant. */
  report(violation: string): void;
}

/** The number of lines of the log that are kept. */
const mostLines = 1000;
/** More requests than this at one instant of virtual time mean an endless loop of the client. */
const mostAtOnce = 400;
/** Answers to DELETE that say "not now". */
const notNow = new Set([401, 408, 425, 429]);
const forbids = new Set([403, 409, 423]);

const never = <T>(): Promise<T> => new Promise<T>(() => undefined);
const reset = (): Error => Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });

export function createScheduledServer(deps: ServerDeps): ScheduledServer {
  const { scheduler, clock, history, dialect, report } = deps;
  const subscriptions = new Map<string, Subscription>();
  const requests: Omit<Sent, 'request'>[] = [];
  const opened: { id: string; operationId: string }[] = [];
  const deletions = new Map<string, Deletion>();
  const blamed = new Set<number>();
  const log: string[] = [];
  const reading = new Map<string, Sent>();
  const lastReads = new Map<string, readonly number[]>();
  let scripts: { readonly script: FaultScript; left: number }[] = [];
  let lastNudge = Number.NEGATIVE_INFINITY;
  let era = 0;
  let cookie: string | undefined;
  let cookieTold: string | undefined;
  let instant = { at: 0, requests: 0 };
  let made = 0;
  let isClientClosed = false;
  let pageLeftAt = Number.NEGATIVE_INFINITY;
  let toldToWaitAt = Number.NEGATIVE_INFINITY;
  const opening = new Set<string>();
  /** Ids that were being opened when the page was left. A DELETE may have overtaken the POST, so another one is allowed. */
  const deletedTwice = new Set<string>();
  let isHarsh = false;
  let hasRefusedSize = false;

  const step = (label: string): Promise<void> => scheduler.schedule(Promise.resolve(), label);

  function note(line: string): void {
    log.push(`${clock.monotonic()} ${line}`);
    if (log.length > 2 * mostLines) {
      log.splice(0, mostLines);
    }
  }

  // -- what the client sends -----------------------------------------------------------------------------------------

  function started(sent: Sent): void {
    const { operation, id, at, request } = sent;
    requests.push({ operation, id, keys: sent.keys, at });
    note(`> ${operation} ${id.slice(0, 8)} ${sent.keys.join()}`);
    instant = instant.at === at ? { at, requests: instant.requests + 1 } : { at, requests: 1 };
    if (instant.requests > mostAtOnce) {
      report(`I17: more than ${mostAtOnce} requests at ${at}`);
      return;
    }
    if (!request.url.startsWith(`${deps.baseUrl}/`)) {
      report(`I22: a request to ${request.url}`);
    }
    if (request.headers['x-api-key'] !== deps.apiKey) {
      report(`${operation} without the api key`);
    }
    if (cookieTold !== undefined && request.headers['cookie'] !== cookieTold) {
      report(`F52: ${operation} with the cookie ${request.headers['cookie'] ?? '(none)'} instead of ${cookieTold}`);
    }
    if (operation === 'read') {
      startedRead(sent);
    }
    if (operation === 'open') {
      opening.add(id);
      if (deletions.has(id)) {
        deletedTwice.add(id);
      }
    }
    if (operation === 'close') {
      const before = deletions.get(id);
      if (before !== undefined && before !== 'failed' && !deletedTwice.has(id)) {
        report(`I3: another DELETE of ${id}, whose DELETE is ${before}`);
      }
      if (opening.has(id)) {
        deletedTwice.add(id);
        if (pageLeftAt < 0) {
          report(`G3: a DELETE of ${id} that may overtake its POST`);
        }
      }
      deletions.set(id, before === 'answered' ? before : 'on its way');
    }
  }

  function startedRead(sent: Sent): void {
    const { id, at } = sent;
    if (reading.has(id)) {
      report(`I5: two polls of ${id} at once`);
    }
    if (deletions.has(id)) {
      report(`I3: a poll of ${id} after its DELETE`);
    }
    // After a delay the client draws a new phase, which may be any part of the interval: one gap may be short, two consecutive ones never.
    const [last = Number.NEGATIVE_INFINITY, lastButOne = Number.NEGATIVE_INFINITY] = lastReads.get(id) ?? [];
    if (lastButOne > lastNudge && at - lastButOne < deps.leastGap) {
      report(`I17: three polls of ${id} within ${at - lastButOne} ms`);
    }
    reading.set(id, sent);
    lastReads.set(id, [at, last]);
  }

  function ended({ operation, id }: Sent, answer: TransportResponse | undefined): void {
    if (operation === 'read') {
      reading.delete(id);
    }
    if (operation === 'open') {
      opening.delete(id);
    }
    if (operation === 'close') {
      const deletion = answer === undefined ? 'failed' : deletionOf(answer);
      // Of two DELETEs for one id, the better outcome counts.
      if (deletions.get(id) !== 'answered' || deletion === 'refused') {
        deletions.set(id, deletion);
      }
    }
  }

  // -- the network ---------------------------------------------------------------------------------------------------

  async function carry(sent: Sent, signal: AbortSignal): Promise<TransportResponse> {
    const { operation, id } = sent;
    const sentIn = era;
    const label = `${operation} ${id.slice(0, 8)}`;
    if (!server.online) {
      await step(`${label} is offline`);
      throw new Error('offline');
    }
    await step(`${label} arrives`);
    if (isDropped(sent)) {
      return never();
    }
    if (sentIn !== era) {
      throw reset();
    }
    const fault = takeFault(operation);
    if (fault !== undefined) {
      note(`! ${label} ${fault.fault}`);
    }
    const answer = await answerTo(sent, fault);
    if (server.latency > 0) {
      await new Promise<void>((resolve) => void clock.after(server.latency, resolve));
    }
    if (signal.aborted) {
      return never();
    }
    await step(`${label} is answered`);
    if (sentIn !== era) {
      throw reset();
    }
    note(`< ${label} ${answer.status}`);
    return answer;
  }

  /**
   * A request that the client gave up may still arrive, for as long again as the client waited, because its DELETE also waits for
   * that time. Later, and after close(), such a request is lost.
   */
  function isDropped({ gaveUpAt }: Sent): boolean {
    return gaveUpAt !== undefined && (isClientClosed || pageLeftAt >= gaveUpAt || clock.monotonic() - gaveUpAt >= deps.timeout);
  }

  function takeFault(operation: Operation): FaultScript | undefined {
    const taken = scripts.find(({ script }) => script.operation === 'any' || script.operation === operation);
    if (taken !== undefined) {
      taken.left--;
      scripts = scripts.filter(({ left }) => left > 0);
    }
    return taken?.script;
  }

  async function answerTo(sent: Sent, script: FaultScript | undefined): Promise<TransportResponse> {
    const { operation, request } = sent;
    const { fault, retryAfter } = script ?? {};
    switch (fault) {
      case 'refused':
        throw Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
      case 'reset':
        throw reset();
      case 'hang':
        return never();
      case 'echo':
        return failure(500, JSON.stringify(request.headers));
      case 'no':
        blame(operation, sent);
        return respond(200, { status: { code: 7, message: 'made up' } });
    }
    if (typeof fault === 'number') {
      hasRefusedSize ||= fault === 413;
      if (fault >= 400 && fault < 500 && !notNow.has(fault)) {
        blame(operation, sent);
      }
      if (retryAfter === undefined) {
        return failure(fault, 'made up');
      }
      toldToWaitAt = clock.monotonic();
      return failure(fault, 'made up', { 'retry-after': retryAfter });
    }
    if (server.token !== undefined && request.headers['authorization'] !== `Bearer ${server.token}`) {
      return failure(401, `the token ${request.headers['authorization'] ?? ''} has expired`);
    }
    const answer = process(sent, fault);
    switch (fault) {
      case 'lost':
        throw reset();
      case 'silent':
        return never();
      case 'gateway':
        return { status: 504, headers: {}, body: '<html>gateway timeout</html>' };
      case 'html':
        return { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>sign in</html>' };
      case 'no data':
        return respond(200, { status: { code: 0 } });
      default:
        return answer;
    }
  }

  function blame(operation: Operation, { keys, id }: Sent): void {
    isHarsh = true;
    if (operation !== 'peek') {
      (operation === 'open' ? keys : (find(id)?.keys ?? [])).forEach((key) => blamed.add(key));
    }
  }

  // -- processing a request ------------------------------------------------------------------------------------------

  function process(sent: Sent, fault: Fault | undefined): TransportResponse {
    switch (sent.operation) {
      case 'open':
        return open(sent, fault);
      case 'read':
        return read(sent, fault);
      case 'close':
        subscriptions.delete(find(sent.id)?.id ?? '');
        return respond(200, { status: { code: 0 } });
      case 'peek':
        return peek(sent);
    }
  }

  function open(sent: Sent, fault: Fault | undefined): TransportResponse {
    const { id: operationId, keys, request } = sent;
    const bad = keys.filter((key) => server.refused.has(key));
    if (bad.length > 0) {
      bad.forEach((key) => blamed.add(key));
      return failure(400, 'no such statistic');
    }
    if (keys.length > server.most) {
      hasRefusedSize = true;
      return failure(413, 'too many');
    }
    const { data } = JSON.parse(request.body ?? '') as { data: { statistics: { statisticId: string }[] } };
    const own = dialect.ids === 'own';
    const id = own ? `own-${++made}` : operationId;
    const statisticIds = data.statistics.map(({ statisticId }, index) => (own ? `${id}/${index}` : statisticId));
    const subscription = { id, operationId, keys, statisticIds, answers: new Map<string, unknown>(), reads: 0 };
    subscriptions.set(id, subscription);
    opened.push({ id, operationId });
    return respond(200, envelope(subscription, keys, true, fault));
  }

  function read({ id, request }: Sent, fault: Fault | undefined): TransportResponse {
    const subscription = find(id);
    if (subscription === undefined) {
      return unknownSubscription(id);
    }
    const query = new URL(request.url).searchParams;
    const ids = query.get('statisticIds')?.split(',');
    const keys = ids === undefined ? subscription.keys : subscription.keys.filter((_, index) => ids.includes(subscription.statisticIds[index] ?? ''));
    subscription.reads++;
    const before = subscription.answers.get(query.toString());
    const answer = fault === 'cached' && before !== undefined ? before : envelope(subscription, keys, query.get('verbose') !== 'OFF', fault);
    subscription.answers.set(query.toString(), answer);
    return respond(200, answer);
  }

  function unknownSubscription(id: string): TransportResponse {
    switch (dialect.unknown) {
      case 'no data':
        return respond(200, { status: { code: 0 } });
      case 'empty':
        return respond(200, { status: { code: 0 }, data: { subscriptionId: id, statistics: [] } });
      default:
        return failure(dialect.unknown, 'no such subscription');
    }
  }

  function envelope(subscription: Subscription, keys: readonly number[], info: boolean, fault: Fault | undefined): unknown {
    const { id, statisticIds } = subscription;
    let statistics = keys.map((key) => entryOf(key, statisticIds[subscription.keys.indexOf(key)] ?? '', info));
    if (fault === 'partial' || fault === 'empty' || fault === 'foreign') {
      isHarsh = true;
      keys.forEach((key) => blamed.add(key));
      const foreign = { statisticId: 'foreign', name: 'foreign', objectId: 'foreign', objectType: 'Queue', timestamp: 1, value: { intValue: -1 } };
      statistics = fault === 'partial' ? statistics.slice(0, -1) : fault === 'empty' ? [] : [foreign];
    }
    if (dialect.order === 'turning') {
      const turn = subscription.reads % Math.max(1, statistics.length);
      statistics = [...statistics.slice(turn), ...statistics.slice(0, turn)];
    }
    if (dialect.extras) {
      const extra = { statisticId: `extra ${subscription.reads}`, name: 'extra', objectId: 'extra', objectType: 'Queue', timestamp: 1, value: { intValue: -2 } };
      statistics.splice(subscription.reads % (statistics.length + 1), 0, extra);
    }
    return { status: { code: 0 }, data: { subscriptionId: id, operationId: subscription.operationId, statistics } };
  }

  function entryOf(key: number, statisticId: string, info: boolean): object {
    const { timestamp, value } = history.current(key);
    const { name, objectId, objectType } = statisticOf(key);
    return { value: { intValue: value }, timestamp, ...(info ? { objectId, objectType, ...(name === undefined ? {} : { name }) } : {}), statisticId };
  }

  function peek({ keys, request }: Sent): TransportResponse {
    const statistics = keys.map((key) => entryOf(key, '', true)).map((entry) => ({ ...entry, statisticId: undefined }));
    return respond(200, { status: { code: 0 }, data: request.method === 'GET' ? { statistic: statistics[0] } : { statistics } });
  }

  function find(id: string): Subscription | undefined {
    return subscriptions.get(id) ?? [...subscriptions.values()].find(({ operationId }) => operationId === id);
  }

  function respond(status: number, body: unknown, headers: Record<string, string> = {}): TransportResponse {
    return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body), ...(cookie === undefined ? {} : { setCookies: [`${cookie}; Path=/`] }) };
  }

  function failure(status: number, message: string, headers: Record<string, string> = {}): TransportResponse {
    return respond(status, { status: { code: status, message } }, headers);
  }

  const server: ScheduledServer = {
    requests,
    opened,
    open: subscriptions,
    deletions,
    blamed,
    get isHarsh() {
      return isHarsh;
    },
    get hasRefusedSize() {
      return hasRefusedSize;
    },
    get toldToWaitAt() {
      return toldToWaitAt;
    },
    log,
    note,
    latency: 0,
    online: true,
    token: undefined,
    most: Number.POSITIVE_INFINITY,
    refused: new Set(),
    async transport(request, signal) {
      signal.throwIfAborted();
      const sent = readRequest(request, clock.monotonic());
      started(sent);
      if (instant.requests > mostAtOnce) {
        return never();
      }
      try {
        const response = await Promise.race([carry(sent, signal), givenUp(sent, signal, clock)]);
        if (response.setCookies !== undefined) {
          cookieTold = response.setCookies[0]?.split(';')[0];
        }
        ended(sent, response);
        return response;
      } catch (error) {
        ended(sent, undefined);
        throw error;
      }
    },
    nudge() {
      lastNudge = clock.monotonic();
    },
    fault: (script) => scripts.push({ script, left: script.times }),
    heal() {
      scripts = [];
      server.refused.clear();
      server.most = Number.POSITIVE_INFINITY;
      server.latency = 0;
    },
    restart(keepState) {
      era++;
      if (!keepState) {
        subscriptions.clear();
      }
    },
    rotateCookie() {
      subscriptions.clear();
      cookie = `STATISTICS_SESSIONID=canary-cookie-${++made}`;
    },
    clientClosed() {
      isClientClosed = true;
    },
    pageLeft() {
      pageLeftAt = clock.monotonic();
    },
  };
  return server;
}

function deletionOf({ status, body }: TransportResponse): Deletion {
  if (!body.startsWith('{') || status >= 500 || notNow.has(status)) {
    return 'failed';
  }
  const { code } = (JSON.parse(body) as { status: { code: number } }).status;
  // A DELETE that was answered with a failure code, or with "not now", has deleted nothing, and may be repeated.
  return code === 0 ? 'answered' : status < 300 || forbids.has(status) ? 'failed' : 'refused';
}

function readRequest(request: TransportRequest, at: number): Sent {
  const { pathname, searchParams } = new URL(request.url);
  const [area, name = ''] = pathname.replace('/statistics/v3/', '').split('/').map(decodeURIComponent);
  if (request.method === 'POST') {
    const { operationId = '', data } = JSON.parse(request.body ?? '') as { operationId?: string; data: { statistics: object[] } };
    const keys = data.statistics.flatMap((statistic) => keyOf(statistic) ?? []);
    return { operation: area === 'subscriptions' ? 'open' : 'peek', id: operationId, keys, at, request };
  }
  if (area === 'statistic-values') {
    return { operation: 'peek', id: '', keys: [keyOf({ name, objectId: searchParams.get('objectId') }) ?? -1], at, request };
  }
  return { operation: request.method === 'GET' ? 'read' : 'close', id: name, keys: [], at, request };
}

/** Rejects as soon as the client gives up the request. */
function givenUp(sent: Sent, signal: AbortSignal, clock: VirtualClock): Promise<never> {
  return new Promise((_, reject) => {
    const leave = (): void => {
      sent.gaveUpAt = clock.monotonic();
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', leave, { once: true });
  });
}
