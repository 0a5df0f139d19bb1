/**
 * Turns untrusted JSON into values or an error. Owns the envelope `{ status, data, errors, path }`, and all tolerance in reading
 * it. A 200 is a failure if its `status.code` is neither 0 (OK) nor 1 (accepted). Knows nothing of requests.
 */
import { harmless, plain, StatisticsApiError, StatisticsNetworkError } from '../model/errors.js';
import { freezeDeep } from '../model/freeze.js';
import { epochMilliseconds } from '../model/timestamp.js';
import { textOfBody, type Body } from './body.js';
import { isParsable } from './bounds.js';

/** One statistic as the server sent it. Any field except `timestamp` and `value` may be missing. Deeply frozen. */
export interface AnsweredStatistic {
  readonly statisticId?: string;
  readonly name?: string;
  readonly objectId?: string;
  readonly objectType?: string;
  /** Epoch milliseconds; `null` if the server gave no usable time. */
  readonly timestamp: number | null;
  readonly value: unknown;
}

/** The parts of an error that are not in the body. */
export interface AnswerContext {
  /** `'GET /subscriptions/1/statistic-values'`. */
  readonly operation: string;
  readonly httpStatus: number;
  readonly retryAfter: number | undefined;
  /** The `location` header: the target of a redirect. */
  readonly location: string | undefined;
  /** Shown in an error that may come from a mistyped base URL. */
  readonly baseUrl?: string;
  /** Removes every secret from a text. */
  readonly redact: (text: string) => string;
}

const foreignAnswers = new WeakSet<object>();

/** The error for a success status whose body is not the expected answer: an empty body, a gateway's page, another subscription. */
export function foreignAnswer(message: string): StatisticsNetworkError {
  const error = new StatisticsNetworkError(message, 'unreadable');
  foreignAnswers.add(error);
  return error;
}

/** Whether an error comes from {@link foreignAnswer}. */
export function isForeignAnswer(error: unknown): boolean {
  return typeof error === 'object' && error !== null && foreignAnswers.has(error);
}

export function isSuccess(httpStatus: number): boolean {
  return httpStatus >= 200 && httpStatus <= 299;
}

/**
 * The statuses that refuse the form of a request: its accepted types, its length, its content type, its headers (431). The cause
 * is our own code or a gateway, so these statuses say nothing about the definitions in the request.
 */
export const formStatuses: readonly number[] = [406, 411, 414, 415, 417, 421, 426, 431];

/** The error for an answer whose HTTP status is not a success. */
export function failureOf(body: string, context: AnswerContext): StatisticsApiError {
  const { operation, httpStatus, retryAfter, location } = context;
  if (httpStatus >= 300 && httpStatus < 400 && location !== undefined) {
    // The body is left out, because the page of a redirect repeats the target.
    return new StatisticsApiError(`${operation} answered ${httpStatus}, a redirect to ${targetOf(location, context)}; redirects are not followed`, { operation, httpStatus, retryAfter });
  }
  const text = body.slice(0, maxErrorBody);
  return apiError(parse(text), text, context);
}

/** The host of a redirect's target. The rest of the target may contain credentials, so it is never shown (F96). */
function targetOf(location: string, { redact }: AnswerContext): string {
  const isTold = location.length <= maxLocation && redact(location) === location && URL.canParse(location, base);
  return (isTold && new URL(location, base).host) || 'elsewhere';
}

/**
 * The `data` of a successful answer; `undefined` if it has none. An empty object for code 1 (accepted), because data is still to come.
 *
 * @throws StatisticsApiError when the envelope's status is a failure.
 * @throws StatisticsNetworkError when the answer is not JSON.
 */
export function readEnvelope(body: string, context: AnswerContext): Record<string, unknown> | undefined {
  const { operation, httpStatus } = context;
  const envelope = parse(body);
  if (envelope === undefined) {
    throw foreignAnswer(`${operation} answered ${httpStatus} with no usable JSON: ${shown(body, context)}`);
  }
  if (!isFine(envelope)) {
    throw apiError(envelope, body, context);
  }
  const { status, data } = envelope;
  return isRecord(data) ? data : isRecord(status) && codeOf(status) === 1 ? {} : undefined;
}

/** The error for a success without data, the answer of some servers for an unknown subscription. */
export function withoutData({ operation, httpStatus }: AnswerContext): StatisticsApiError {
  return new StatisticsApiError(`${operation} answered ${httpStatus} without data`, { operation, httpStatus, code: 0 });
}

/** Whether an error comes from {@link withoutData}. */
export function isWithoutData(error: StatisticsApiError): boolean {
  return error.httpStatus < 300 && error.code === 0;
}

/** The error in `errors[]` of a successful answer; `undefined` if there is none. It does not name the statistic that it is about. */
export function partialFailureOf({ body, context }: { readonly body: Body; readonly context: AnswerContext }): StatisticsApiError | undefined {
  const errors = parse(textOfBody(body, context.operation))?.['errors'];
  return Array.isArray(errors) && errors.length > 0 ? apiError({ errors }, '', context) : undefined;
}

/** One statistic of an answer, exactly as JSON.parse returned it. */
export type Entry = Record<string, unknown>;

/** An answer may hold twice the requested statistics, and this number more. Handling an even larger one would block the program. */
const mostUnasked = 1000;

/**
 * The statistics of an answer; `undefined` if it holds no list of them. Items that are not objects are skipped.
 *
 * @param asked - the number of requested statistics.
 * @throws StatisticsNetworkError when the answer holds far more than that.
 */
export function readEntries(data: Record<string, unknown> | undefined, asked: number): readonly Entry[] | undefined {
  const list = data?.['statistics'];
  if (!Array.isArray(list)) {
    return undefined;
  }
  requireFew(list, asked);
  return list.every(isRecord) ? list : list.filter(isRecord);
}

/** Throws if an answer holds far more statistics than requested. Separate from {@link readEntries} for callers that clean up first. */
export function requireFew({ length }: readonly unknown[], asked: number): void {
  if (length > 2 * asked + mostUnasked) {
    throw new StatisticsNetworkError(`the answer holds ${length} statistics, and ${asked} were asked for`, 'unreadable');
  }
}

export function toAnswered(entry: Entry): AnsweredStatistic {
  const statistic: Record<string, unknown> = { ...readContent(entry) };
  for (const field of ['statisticId', 'name', 'objectId', 'objectType'] as const) {
    const text = field === 'statisticId' ? idOf(entry[field]) : textOf(entry[field]);
    if (text !== undefined) {
      statistic[field] = text;
    }
  }
  return Object.freeze(statistic) as unknown as AnsweredStatistic;
}

/**
 * The timestamp and the value of an entry. Freezes the value.
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

/** An id as text; `undefined` if there is none. A number beyond 2^53 counts as none, because JSON.parse rounds it to another id. */
export function idOf(value: unknown): string | undefined {
  return value === '' || isRounded(value) ? undefined : textOf(value);
}

/** Whether JSON.parse may have rounded a number. */
export function isRounded(value: unknown): boolean {
  return typeof value === 'number' && Math.abs(value) > Number.MAX_SAFE_INTEGER;
}

/** The digits of a rounded number as they stand in the text; `undefined` on a platform whose JSON.parse does not provide them. */
export function exactNumber(body: string, field: string): string | undefined {
  let found: string | undefined;
  const revive = (key: string, value: unknown, context?: { readonly source?: string }): unknown => {
    found = key === field && isRounded(value) ? context?.source : found;
    return value;
  };
  JSON.parse(body, revive);
  return found !== undefined && /^\d+$/.test(found) ? found : undefined;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An error is made from at most this number of characters of a body, because programs may keep errors for long. Its message shows 200. */
const maxErrorBody = 64 * 1024;
/** Characters: longer than any real `location` header. */
const maxLocation = 2048;
/** The base for a `location` without a host. */
const base = 'https://itself';

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const json: unknown = isParsable(text) ? JSON.parse(text) : undefined;
    return isRecord(json) ? json : undefined;
  } catch {
    return undefined;
  }
}

/** Whether an envelope reports success. A missing status is a success. A status that is no object is a gateway's error page. */
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
  const by = httpStatus === 407 ? ' by a proxy' : formStatuses.includes(httpStatus) ? ', which is about the form of the request' : '';
  // The resources of a POST always exist, so 404 and 405 mean that the base path is wrong.
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

/** The envelope's status or, if only that one has a message, the status of the first item in `errors[]`. */
function statusOf(envelope: Record<string, unknown> | undefined): Record<string, unknown> | undefined {
  const { status, errors } = envelope ?? {};
  const first: unknown = Array.isArray(errors) ? errors[0] : undefined;
  const candidates = [status, isRecord(first) ? first['status'] : undefined].filter(isRecord);
  return candidates.find((candidate) => textOf(candidate['message']) !== undefined) ?? candidates[0];
}

/** The detail of a status as data, without secrets or control characters. Left out if it is too large or too deep. */
function detailOf(status: Record<string, unknown> | undefined, { redact }: AnswerContext): unknown {
  try {
    // Converted to JSON text, so that `redact` also finds secrets in keys, and secrets that the server escaped.
    const text = JSON.stringify(status?.['detail']) as string | undefined;
    if (text === undefined || text.length > maxErrorBody) {
      return undefined;
    }
    return freezeDeep(JSON.parse(plain(redact(text)), (_, value: unknown) => (typeof value === 'string' ? plain(value) : value)));
  } catch {
    return undefined;
  }
}

/** Prepares a server's text for a message: short, without secrets, and harmless to a terminal. */
function shown(text: string, { redact }: AnswerContext): string {
  return harmless(redact(text.slice(0, maxErrorBody)));
}
