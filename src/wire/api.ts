/**
 * The five endpoints of the Statistics API as typed functions, one attempt each. Owns paths, queries and bodies. Shares and
 * retries nothing. The exchange adds credentials and deadlines, and the envelope reads answers.
 */
import { readText } from '../model/definition.js';
import { expected, StatisticsNetworkError } from '../model/errors.js';
import type { StatisticDefinition, StatisticObject, StatisticValue } from '../model/statistic.js';
import { parseRetryAfter } from '../time/backoff.js';
import type { Clock } from '../time/clock.js';
import { textOfBody, type Body } from './body.js';
import type { Credentials } from './credentials.js';
import {
  exactNumber,
  failureOf,
  idOf,
  isRecord,
  isRounded,
  isSuccess,
  readEntries,
  readEnvelope,
  toAnswered,
  withoutData,
  type AnswerContext,
  type AnsweredStatistic,
  type Entry,
} from './envelope.js';
import type { Exchange, ExchangeRequest } from './exchange.js';

/** The detail of answers: `'INFO'` includes names and objects, `'OFF'` leaves them out. */
export type Verbose = 'OFF' | 'INFO';

/** A statistic to open: a name or a definition, and an id without a comma that is unique in its subscription. */
export interface OpenStatistic extends StatisticObject {
  readonly statisticId: string;
  readonly name?: string | undefined;
  readonly definition?: StatisticDefinition | undefined;
}

/** A configured statistic to peek at. */
export interface PeekStatistic extends StatisticObject {
  readonly name: string;
}

/** A subscription as the server describes it. */
export interface SubscriptionData {
  /** The server's id of the subscription: usually the `operationId` of its opening. */
  readonly subscriptionId: string;
  readonly statistics: readonly AnsweredStatistic[];
}

/** Options of every call of a `StatisticsApi`. */
export interface CallOptions {
  /** Aborts the request; the promise rejects with its reason. */
  readonly signal?: AbortSignal | undefined;
}

/** Options of the calls that read values. */
export interface ReadOptions extends CallOptions {
  /** Reads only these statistics; all statistics of the subscription if left out. */
  readonly statisticIds?: readonly string[] | undefined;
  /** `'INFO'` if left out. */
  readonly verbose?: Verbose | undefined;
}

/**
 * The endpoints. Each rejects with a `StatisticsApiError` when the server refuses, and with a `StatisticsNetworkError` when no
 * usable answer comes. An id or a name that no path can hold is a `StatisticsOptionError`.
 */
export interface StatisticsApi {
  /** POST /subscriptions: opens statistics and returns their values. Never use an `operationId` twice. */
  openSubscription(operationId: string, statistics: readonly OpenStatistic[], options?: CallOptions): Promise<SubscriptionData>;
  /** GET /subscriptions/{id}/statistic-values: the current values. */
  readSubscription(id: string, read?: ReadOptions, options?: CallOptions): Promise<SubscriptionData>;
  /** DELETE /subscriptions/{id}: succeeds whether or not the server knew the id. */
  closeSubscription(id: string, options?: CallOptions): Promise<void>;
  /** GET /statistic-values/{name}: one configured statistic, without a subscription. */
  getStatistic(name: string, object: StatisticObject, options?: CallOptions): Promise<StatisticValue>;
  /** POST /operations/get-statistic-ex: many configured statistics. The order of the answer is the server's. */
  getStatistics(statistics: readonly PeekStatistic[], options?: CallOptions): Promise<readonly AnsweredStatistic[]>;
}

/** A successful answer that has not been parsed yet, and the context for an error about it. */
export interface RawAnswer {
  /** The last reader must release it. */
  readonly body: Body;
  readonly context: AnswerContext;
  /** Milliseconds that the answer spent in a cache on its way. */
  readonly age: number;
  /** Epoch milliseconds: when the server answered, by its `Date` header, else by our clock. */
  readonly serverTime: number;
}

/** A subscription as the server describes it, with its statistics as they were parsed. */
export interface OpenedEntries {
  readonly subscriptionId: string;
  /** Empty if the answer has no list, because the values are still to come. */
  readonly entries: readonly Entry[];
  /** Epoch milliseconds: when the server answered. */
  readonly serverTime: number;
}

/** When a DELETE may be sent. */
export interface DeleteOptions extends CallOptions {
  /** When this aborts, the DELETE is sent at once, however many other requests are under way. */
  readonly urgent?: AbortSignal | undefined;
  /** When this aborts, a DELETE that has not been sent yet is given up. */
  readonly unsent?: AbortSignal | undefined;
}

/**
 * The endpoints, and their variants for upstreams: these return entries to match with definitions, or the bytes of an answer,
 * since equal bytes need no parsing. They take statistics unchecked, because a `Definition` has been checked already.
 */
export interface WireApi extends StatisticsApi {
  /** @param unsent - when it aborts, an opening that has not been sent yet is given up. */
  openEntries(operationId: string, statistics: readonly OpenStatistic[], unsent?: AbortSignal): Promise<OpenedEntries>;
  peekEntries(statistics: readonly PeekStatistic[], signal: AbortSignal): Promise<readonly Entry[]>;
  closeSubscription(id: string, options?: DeleteOptions): Promise<void>;
  readRaw(id: string, read: ReadOptions): Promise<RawAnswer>;
  peekRaw(statistics: readonly PeekStatistic[], signal?: AbortSignal): Promise<RawAnswer>;
}

export function createApi(exchange: Exchange, credentials: Credentials, clock: Clock): WireApi {
  /** Returns an answer whose HTTP status is a success, and throws for any other. */
  async function answerTo(request: ExchangeRequest, signal: AbortSignal | undefined): Promise<RawAnswer> {
    const answer = await exchange(request, signal);
    const context = {
      operation: `${request.method} ${request.path}`,
      httpStatus: answer.status,
      retryAfter: parseRetryAfter(answer.headers['retry-after'], clock.now()),
      location: answer.headers['location'],
      redact: credentials.redact,
      baseUrl: answer.baseUrl,
    };
    const raw = { body: answer.body, context, age: ageOf(answer.headers['age']), serverTime: timeOf(answer.headers['date']) ?? clock.now() };
    if (isSuccess(answer.status)) {
      return raw;
    }
    const error = failureOf(textOnce(raw), context);
    if (error.httpStatus === 401) {
      credentials.refused(error, answer.generation);
    }
    throw error;
  }

  async function call(
    request: ExchangeRequest,
    signal: AbortSignal | undefined,
  ): Promise<{ data: Record<string, unknown> | undefined; context: AnswerContext }> {
    const raw = await answerTo(request, signal);
    return { data: readEnvelope(textOnce(raw), raw.context), context: raw.context };
  }

  async function openEntries(operationId: string, statistics: readonly OpenStatistic[], unsent?: AbortSignal, signal?: AbortSignal): Promise<OpenedEntries> {
    const id = readId(operationId, 'operationId');
    const body = { operationId: id, data: { statistics } };
    const raw = await answerTo({ method: 'POST', path: '/subscriptions', query: 'verbose=INFO', body, unsent }, signal);
    const { context } = raw;
    const text = textOnce(raw);
    const data = readEnvelope(text, context);
    if (data === undefined) {
      throw withoutData(context);
    }
    // Any number of entries is accepted, and also no list: the subscription is open, and the answer names the id to delete.
    const entries = readEntries(data, Number.POSITIVE_INFINITY) ?? [];
    const named = data['subscriptionId'];
    const subscriptionId = isRounded(named) ? exactNumber(text, 'subscriptionId') : (idOf(named) ?? id);
    if (!isId(subscriptionId)) {
      throw new StatisticsNetworkError(`${context.operation} answered with a subscriptionId that no path can hold`, 'unreadable');
    }
    return { subscriptionId, entries, serverTime: raw.serverTime };
  }

  async function peekRaw(statistics: readonly PeekStatistic[], signal?: AbortSignal): Promise<RawAnswer> {
    return answerTo({ method: 'POST', path: '/operations/get-statistic-ex', body: { data: { statistics } } }, signal);
  }

  async function peekEntries(statistics: readonly PeekStatistic[], signal?: AbortSignal): Promise<readonly Entry[]> {
    const raw = await peekRaw(statistics, signal);
    const entries = readEntries(readEnvelope(textOnce(raw), raw.context), statistics.length);
    if (entries === undefined) {
      throw withoutData(raw.context);
    }
    return entries;
  }

  function read(id: string, { statisticIds, verbose = 'INFO', signal }: ReadOptions = {}, options: CallOptions = {}): Promise<RawAnswer> {
    // Encoded, so that a value from a program cannot add to the query.
    const query = [`verbose=${encodeURIComponent(verbose)}`];
    if (statisticIds !== undefined) {
      query.unshift(`statisticIds=${statisticIds.map((each, index) => encodeURIComponent(readStatisticId(each, index))).join(',')}`);
    }
    const path = `/subscriptions/${encodeURIComponent(readId(id, 'id'))}/statistic-values`;
    return answerTo({ method: 'GET', path, query: query.join('&') }, options.signal ?? signal);
  }

  return {
    openEntries,
    peekEntries,
    peekRaw,

    async openSubscription(operationId, statistics, options) {
      const { subscriptionId, entries } = await openEntries(operationId, statistics.map(readOpenStatistic), undefined, options?.signal);
      return { subscriptionId, statistics: entries.map(toAnswered) };
    },

    async readRaw(id, what) {
      return read(id, what);
    },

    async readSubscription(id, what, options) {
      const raw = await read(id, what, options);
      const data = readEnvelope(textOnce(raw), raw.context);
      const entries = readEntries(data, what?.statisticIds?.length ?? Number.POSITIVE_INFINITY);
      if (data === undefined || entries === undefined) {
        throw withoutData(raw.context);
      }
      const named = idOf(data['subscriptionId']);
      return { subscriptionId: isId(named) ? named : id, statistics: entries.map(toAnswered) };
    },

    async closeSubscription(id, options) {
      const path = `/subscriptions/${encodeURIComponent(readId(id, 'id'))}`;
      // A browser cancels the requests of a page that is left. Without `keepalive` its subscriptions would stay open (F83).
      const raw = await answerTo({ method: 'DELETE', path, keepalive: true, urgent: options?.urgent, unsent: options?.unsent }, options?.signal);
      const text = textOnce(raw);
      // An empty body with a success status is a success (RFC 9110, 9.3.5).
      if (text.trim() !== '') {
        readEnvelope(text, raw.context);
      }
    },

    async getStatistic(name, object, options) {
      const { objectId, objectType } = readObject(object);
      const query = `objectId=${encodeURIComponent(objectId)}&objectType=${encodeURIComponent(objectType)}`;
      const path = `/statistic-values/${encodeURIComponent(readName(name))}`;
      const { data, context } = await call({ method: 'GET', path, query }, options?.signal);
      const statistic = data?.['statistic'];
      if (!isRecord(statistic)) {
        throw withoutData(context);
      }
      const { timestamp, value } = toAnswered(statistic);
      return Object.freeze({ name, objectId, objectType, timestamp, value });
    },

    async getStatistics(statistics, options) {
      const requested = statistics.map(({ name, ...object }) => ({ name, ...readObject(object) }));
      return (await peekEntries(requested, options?.signal)).map(toAnswered);
    },
  };
}

/** The text of an answer. Releases the body, so call it once. */
function textOnce({ body, context }: RawAnswer): string {
  try {
    return textOfBody(body, context.operation);
  } finally {
    body.release();
  }
}

/** The `Age` header, which holds whole seconds, in milliseconds. Anything else counts as 0. */
function ageOf(header: string | undefined): number {
  return /^\d{1,9}$/.test(header ?? '') ? Number(header) * 1000 : 0;
}

/** The `Date` header in epoch milliseconds. It holds whole seconds, so the end of that second is taken. */
function timeOf(header: string | undefined): number | undefined {
  const time = header === undefined || header.length > 40 ? NaN : Date.parse(header);
  return Number.isNaN(time) ? undefined : time + 999;
}

function readOpenStatistic({ statisticId: id, name, definition, ...object }: OpenStatistic, index: number): OpenStatistic {
  const statisticId = readStatisticId(id, index);
  return { statisticId, ...readObject(object), ...(definition === undefined ? { name } : { definition }) };
}

/** Reads exactly the two fields of an object. Without the check, a missing field would be sent as the text `undefined`. */
function readObject({ objectId, objectType }: StatisticObject): StatisticObject {
  return { objectId: readText(objectId, 'objectId'), objectType: readText(objectType, 'objectType') };
}

/**
 * Whether an id stays a single segment of a path, even if a proxy decodes the path or resolves dots in it. An id `..` from the server
 * would send our DELETE to another resource. The same holds for `..` with blanks or path parameters, which some servers strip.
 * Control characters are refused as well, because events show ids and a log may show events on a terminal.
 */
export function isId(id: unknown): id is string {
  if (typeof id !== 'string') {
    return false;
  }
  // Nearly every id passes the first test. The other two are slow to compile, so they run only if needed.
  return /^[\w-]{1,512}$/.test(id) || (/^[^/\\%?#\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Surrogate}]{1,512}$/u.test(id) && !/^[\s.]*(?:;|$)/.test(id));
}

function readId(id: unknown, option: string): string {
  if (!isId(id)) {
    throw expected(option, id, 'a non-empty string that is one segment of a path');
  }
  return id;
}

/**
 * Matches a name with a dot segment, plain or encoded, because a proxy may decode and follow it. Some servers first strip blanks,
 * NUL characters and anything behind a semicolon. A slash alone is allowed, because it is sent encoded.
 */
const dotSegment = /(?:^|[/\\]|%2f|%5c)(?:[\s\0-\x1f]|%[01]\w|%20)*(?:(?:\.|%2e)(?:[\s\0-\x1f]|%[01]\w|%20)*){1,2}(?:$|[/\\;]|%2f|%5c|%3b)/i;

export function readName(name: unknown): string {
  if (typeof name !== 'string' || !/^\P{Surrogate}+$/u.test(name) || dotSegment.test(name)) {
    throw expected('name', name, 'a non-empty name that is one segment of a path');
  }
  return name;
}

/** Reads an id of a statistic. The server separates ids by commas, so an id with a comma cannot be requested. */
function readStatisticId(id: unknown, index: number): string {
  if (typeof id !== 'string' || id === '' || id.includes(',') || !id.isWellFormed()) {
    throw expected(`statisticIds[${index}]`, id, 'a non-empty string without a comma');
  }
  return id;
}
