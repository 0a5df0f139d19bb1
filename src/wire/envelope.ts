/**
 * Untrusted JSON to values or an error. Owns the envelope `{ status, data, errors, path }` and everything tolerant about
 * reading it; knows nothing of requests. A 200 may be a failure: `status.code` other than 0 (OK) and 1 (accepted).
 */
import { harmless, plain, StatisticsApiError, StatisticsNetworkError } from '../model/errors.js';
import { freezeDeep } from '../model/freeze.js';
import { epochMilliseconds } from '../model/timestamp.js';
import { textOfBody, type Body } from './body.js';
import { isParsable } from './bounds.js';

/** One statistic as the server sent it: any field but `value` may be missing. Frozen to the bottom. */
export interface AnsweredStatistic {
  readonly statisticId?: string;
  readonly name?: string;
  readonly objectId?: string;
  readonly objectType?: string;
  /** Epoch milliseconds. */
  readonly timestamp: number | null;
  readonly value: unknown;
}

/** What an error is made from besides the body. */
export interface AnswerContext {
  /** `'GET /subscriptions/1/statistic-values'`. */
  readonly operation: string;
  readonly httpStatus: number;
  readonly retryAfter: number | undefined;
  /** The header of that name: where a redirect would lead. */
  readonly location: string | undefined;
  /** Shown where it may be mistyped. */
  readonly baseUrl?: string;
  /** Takes every secret out of a text. */
  readonly redact: (text: string) => string;
}

export function isSuccess(httpStatus: number): boolean {
  return httpStatus >= 200 && httpStatus <= 299;
}

/** The error for an answer whose HTTP status is no success. */
export function failureOf(body: string, context: AnswerContext): StatisticsApiError {
  const { operation, httpStatus, retryAfter, location } = context;
  if (httpStatus >= 300 && httpStatus < 400 && location !== undefined) {
    // Nothing of what it says: the page of a redirect repeats where it leads.
    return new StatisticsApiError(`${operation} answered ${httpStatus}, a redirect to ${targetOf(location, context)}; redirects are not followed`, { operation, httpStatus, retryAfter });
  }
  const text = body.slice(0, maxErrorBody);
  return apiError(parse(text), text, context);
}

/** The host alone: what follows it, or goes before it, may let somebody in (F96). */
function targetOf(location: string, { redact }: AnswerContext): string {
  const isTold = location.length <= maxLocation && redact(location) === location && URL.canParse(location, base);
  return (isTold && new URL(location, base).host) || 'elsewhere';
}

/**
 * The `data` of a successful answer, `undefined` where it has none.
 *
 * @throws StatisticsApiError when the status in the envelope says no.
 * @throws StatisticsNetworkError when it is not JSON.
 */
export function readEnvelope(body: string, context: AnswerContext): Record<string, unknown> | undefined {
  const { operation, httpStatus } = context;
  const envelope = parse(body);
  if (envelope === undefined) {
    throw new StatisticsNetworkError(`${operation} answered ${httpStatus} with no usable JSON: ${shown(body, context)}`, 'unreadable');
  }
  if (!isFine(envelope)) {
    throw apiError(envelope, body, context);
  }
  return isRecord(envelope['data']) ? envelope['data'] : undefined;
}

/** The error for a success without the data it owes: an unknown subscription, in the words of some servers. */
export function withoutData({ operation, httpStatus }: AnswerContext): StatisticsApiError {
  return new StatisticsApiError(`${operation} answered ${httpStatus} without data`, { operation, httpStatus, code: 0 });
}

/** Whether an error is {@link withoutData}'s. */
export function isWithoutData(error: StatisticsApiError): boolean {
  return error.httpStatus < 300 && error.code === 0;
}

/** What a successful answer says of what it left out: `errors[]`, which names no statistic. `undefined` where it says nothing. */
export function partialFailureOf({ body, context }: { readonly body: Body; readonly context: AnswerContext }): StatisticsApiError | undefined {
  const errors = parse(textOfBody(body, context.operation))?.['errors'];
  return Array.isArray(errors) && errors.length > 0 ? apiError({ errors }, '', context) : undefined;
}

/** One statistic of an answer as it was parsed: nothing is read, copied or frozen yet. */
export type Entry = Record<string, unknown>;

/** An answer may hold more than was asked for; with more of it than this, reading it is all a client would ever do. */
const mostUnasked = 1000;

/**
 * The statistics of an answer, or `undefined` where it holds no such list. What is no object is skipped.
 *
 * @param asked - how many were asked for.
 * @throws StatisticsNetworkError when it holds far more than that.
 */
export function readEntries(data: Record<string, unknown> | undefined, asked: number): readonly Entry[] | undefined {
  const list = data?.['statistics'];
  if (!Array.isArray(list)) {
    return undefined;
  }
  requireFew(list, asked);
  return list.every(isRecord) ? list : list.filter(isRecord);
}

/** The same refusal, for whoever has something to delete before it is thrown. */
export function requireFew({ length }: readonly unknown[], asked: number): void {
  if (length > 2 * asked + mostUnasked) {
    throw new StatisticsNetworkError(`the answer holds ${length} statistics, and ${asked} were asked for`, 'unreadable');
  }
}

export function readStatistic(entry: Entry): AnsweredStatistic {
  const statistic: Record<string, unknown> = { ...readContent(entry) };
  for (const field of ['statisticId', 'name', 'objectId', 'objectType'] as const) {
    const text = textOf(entry[field]);
    if (text !== undefined) {
      statistic[field] = text;
    }
  }
  return Object.freeze(statistic) as unknown as AnsweredStatistic;
}

/**
 * What an entry says, whatever it says it of. Freezes the value.
 *
 * @throws StatisticsNetworkError when the value nests too deeply.
 */
function readContent({ timestamp, value }: Entry): { readonly timestamp: number | null; readonly value: unknown } {
  try {
    freezeDeep(value);
  } catch (cause) {
    throw new StatisticsNetworkError('a value of the answer nests too deeply', 'unreadable', { cause });
  }
  return { timestamp: epochMilliseconds(timestamp), value: value ?? null };
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : undefined;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What an error says beyond this is cut: the message shows 200 characters, and an error may be kept for long. */
const maxErrorBody = 64 * 1024;
/** Longer than any real one; an error need not be exact about others. */
const maxLocation = 2048;
/** Where a path leads without a host. */
const base = 'https://itself';

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const json: unknown = isParsable(text) ? JSON.parse(text) : undefined;
    return isRecord(json) ? json : undefined;
  } catch {
    return undefined;
  }
}

/** A missing status is no failure; a numeric one is an error page of a gateway that happens to be JSON. */
function isFine({ status, data }: Record<string, unknown>): boolean {
  if (status === undefined || status === null) {
    return true;
  }
  if (!isRecord(status)) {
    return false;
  }
  const code = codeOf(status);
  return code === 0 || code === 1 || (code === undefined && isRecord(data));
}

function codeOf(status: Record<string, unknown>): number | undefined {
  const { code } = status;
  const number = typeof code === 'string' && /^-?\d{1,9}$/.test(code) ? Number(code) : code;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

function apiError(envelope: Record<string, unknown> | undefined, body: string, context: AnswerContext): StatisticsApiError {
  const { operation, httpStatus, retryAfter } = context;
  const status = statusOf(envelope);
  const said = textOf(status?.['message']) ?? textOf(envelope?.['message']) ?? (envelope === undefined ? body : '');
  const code = status && codeOf(status);
  const path = textOf(envelope?.['path']);
  const by = httpStatus === 407 ? ' by a proxy' : '';
  // What is posted to is always there, unless the base is another.
  const isMistyped = context.baseUrl !== undefined && operation.startsWith('POST') && (httpStatus === 404 || httpStatus === 405);
  const below = isMistyped ? ` below ${context.baseUrl}` : '';
  const message = `${operation}${below} answered ${httpStatus}${by}${httpStatus < 300 ? ` with code ${code ?? 'unknown'}` : ''}`;
  return new StatisticsApiError(said.trim() === '' ? message : `${message}: ${shown(said, context)}`, {
    operation,
    httpStatus,
    code,
    detail: detailOf(status, context),
    path: path === undefined ? undefined : shown(path, context),
    retryAfter,
  });
}

/** The envelope's status; where that says nothing, the first of `errors[]`. */
function statusOf(envelope: Record<string, unknown> | undefined): Record<string, unknown> | undefined {
  const { status, errors } = envelope ?? {};
  const first: unknown = Array.isArray(errors) ? errors[0] : undefined;
  const candidates = [status, isRecord(first) ? first['status'] : undefined].filter(isRecord);
  return candidates.find((candidate) => textOf(candidate['message']) !== undefined) ?? candidates[0];
}

/** Data still, but like a message in what it may hold. Left out where it is too large to be kept, or too deep. */
function detailOf(status: Record<string, unknown> | undefined, { redact }: AnswerContext): unknown {
  try {
    // As JSON again, in which only what has to be is escaped: a secret is found in keys, too, whatever the server escaped.
    const text = JSON.stringify(status?.['detail']) as string | undefined;
    if (text === undefined || text.length > maxErrorBody) {
      return undefined;
    }
    return freezeDeep(JSON.parse(plain(redact(text)), (_, value: unknown) => (typeof value === 'string' ? plain(value) : value)));
  } catch {
    return undefined;
  }
}

/** Of a text of the server: short, without secrets, and nothing that a terminal would obey. */
function shown(text: string, { redact }: AnswerContext): string {
  return JSON.stringify(harmless(redact(text.slice(0, maxErrorBody)))).slice(1, -1);
}
