/**
 * Untrusted JSON to values or an error. Owns the envelope `{ status, data, errors, path }` and everything tolerant about
 * reading it; knows nothing of requests. A 200 may be a failure: `status.code` other than 0 (OK) and 1 (accepted).
 */
import { harmless, StatisticsApiError, StatisticsNetworkError } from '../model/errors.js';
import { freezeDeep } from '../model/freeze.js';
import { epochMilliseconds } from '../model/timestamp.js';

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
  /** Takes every secret out of a text. */
  readonly redact: (text: string) => string;
}

export function isSuccess(httpStatus: number): boolean {
  return httpStatus >= 200 && httpStatus <= 299;
}

/** The error for an answer whose HTTP status is no success. */
export function failureOf(body: string, context: AnswerContext): StatisticsApiError {
  const text = context.redact(body.length > maxErrorBody ? body.slice(0, maxErrorBody) : body);
  return apiError(parse(text), text, context);
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
    throw new StatisticsNetworkError(`${operation} answered ${httpStatus} with no JSON: ${quote(context.redact(body))}`, 'unreadable');
  }
  if (!isFine(envelope)) {
    const text = context.redact(body.length > maxErrorBody ? briefly(envelope) : body);
    throw apiError(parse(text), text, context);
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
export function partialFailureOf({ body, context }: { readonly body: string; readonly context: AnswerContext }): StatisticsApiError | undefined {
  const errors = parse(context.redact(body))?.['errors'];
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
  if (list.length > 2 * asked + mostUnasked) {
    throw new StatisticsNetworkError(`the answer holds ${list.length} statistics, and ${asked} were asked for`, 'unreadable');
  }
  return list.every(isRecord) ? list : list.filter(isRecord);
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

/** An error's body beyond this is cut: the message shows 200 characters, and an error may be kept for long. */
const maxErrorBody = 64 * 1024;

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const json: unknown = JSON.parse(text);
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
  const by = httpStatus === 407 ? ' by a proxy' : '';
  const message = `${operation} answered ${httpStatus}${by}${httpStatus < 300 ? ` with code ${code ?? 'unknown'}` : ''}`;
  return new StatisticsApiError(said.trim() === '' ? message : `${message}: ${quote(said)}`, {
    operation,
    httpStatus,
    code,
    detail: detailOf(status),
    path: textOf(envelope?.['path']),
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

/** Code and message alone: of an answer of megabytes, the rest is not worth keeping for as long as an error may be kept. */
function briefly(envelope: Record<string, unknown>): string {
  const { code, message } = statusOf(envelope) ?? {};
  return JSON.stringify({ status: { code, message } });
}

function detailOf(status: Record<string, unknown> | undefined): unknown {
  try {
    return freezeDeep(status?.['detail']);
  } catch {
    return undefined;
  }
}

function quote(text: string): string {
  return JSON.stringify(harmless(text)).slice(1, -1);
}
