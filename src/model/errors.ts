/**
 * The family of errors: one class per kind of decision that a caller makes. Their messages name the method, the path and the
 * cause, never a secret. A server's text is made harmless before it becomes part of one.
 */
import type { StatisticRequest } from './statistic.js';

/** The base of every error of this library. */
export class StatisticsError extends Error {
  override readonly name: string = 'StatisticsError';

  /** What a logger shows of it: name, message, the fields of its class, and its causes. No stack, and nothing secret. */
  toJSON(): Readonly<Record<string, unknown>> {
    return describe(this, 0);
  }
}

/** How many causes of causes are shown, since they may form a circle. */
const mostCauses = 6;

/** Of an error of others its `code` alone is shown besides: its other fields may be secret, or endless. */
function describe(error: Error & { readonly code?: unknown }, depth: number): Record<string, unknown> {
  const { name, message, code, cause } = error;
  const shown: Record<string, unknown> = { name, message };
  if (error instanceof StatisticsError) {
    Object.assign(shown, error);
  } else if (code !== undefined) {
    shown['code'] = code;
  }
  return cause === undefined || depth === mostCauses ? shown : { ...shown, cause: isErrorLike(cause) ? describe(cause, depth + 1) : show(cause) };
}

/**
 * The reason of an abort of our own. Its stack is read at once: an unread stack retains everything that was running when the
 * error was made, for as long as anything remembers the abort.
 */
export function reasonToEnd(message: string): StatisticsError {
  const reason = new StatisticsError(message);
  Reflect.get(reason, 'stack');
  return reason;
}

/** The details of a {@link StatisticsApiError}. */
export interface ApiErrorDetails {
  /** `'GET /subscriptions/{id}/statistic-values'`: the method and the path below the base. */
  readonly operation: string;
  readonly httpStatus: number;
  /** `status.code` of the envelope, if there was one. */
  readonly code?: number | undefined;
  /** `status.detail` of the envelope: any data. */
  readonly detail?: unknown;
  /** `path` of the envelope. */
  readonly path?: string | undefined;
  /** Milliseconds, from the answer's arrival, for which the server asked to be left alone. */
  readonly retryAfter?: number | undefined;
}

/** The server refused, or failed, and said so. */
export class StatisticsApiError extends StatisticsError {
  override readonly name = 'StatisticsApiError';
  readonly operation: string;
  readonly httpStatus: number;
  readonly code: number | undefined;
  readonly detail: unknown;
  readonly path: string | undefined;
  readonly retryAfter: number | undefined;

  constructor(message: string, details: ApiErrorDetails) {
    super(message);
    this.operation = details.operation;
    this.httpStatus = details.httpStatus;
    this.code = details.code;
    this.detail = details.detail;
    this.path = details.path;
    this.retryAfter = details.retryAfter;
  }
}

/**
 * Why no usable answer arrived. `'refused'`: the request cannot have reached the server. `'untrusted'`: the request was not
 * sent, because the connection is not secure. `'unreadable'`: the answer is not the API's.
 */
export type NetworkErrorKind = 'refused' | 'untrusted' | 'failed' | 'timeout' | 'too-large' | 'unreadable' | 'redirect';

/** No usable answer arrived: refused, reset, timed out, too large, not JSON. */
export class StatisticsNetworkError extends StatisticsError {
  override readonly name = 'StatisticsNetworkError';
  readonly kind: NetworkErrorKind;

  constructor(message: string, kind: NetworkErrorKind, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}

/** The server refuses this definition, or does not return it. The cause is the server's error, if there was one. */
export class StatisticRejectedError extends StatisticsError {
  override readonly name = 'StatisticRejectedError';
  /** The refused definitions, as they were asked for. */
  readonly definitions: readonly StatisticRequest[];

  constructor(message: string, definitions: readonly StatisticRequest[], options?: ErrorOptions) {
    super(message, options);
    this.definitions = Object.freeze([...definitions]);
  }
}

/** Whether a value is an error, by its shape: an error of another realm (a test runner's, a frame's) is no `instanceof Error` here. */
export function isErrorLike(value: unknown): value is Error & { readonly code?: unknown; readonly errors?: unknown } {
  return value instanceof Error || (typeof value === 'object' && value !== null && typeof (value as { message?: unknown }).message === 'string');
}

/** A bug of this library, or a platform that it does not support. It is reported at once, since no retry heals it. */
export class UnexpectedError extends StatisticsError {}

/** A caught value as an error of our own. Any other error that gets this far is a bug. */
export function asOurs(error: unknown): StatisticsError {
  return error instanceof StatisticsError ? error : new UnexpectedError('unexpected failure, a bug of genesys-statistics-rx', { cause: error });
}

/** A bad option or argument; thrown synchronously. */
export class StatisticsOptionError extends StatisticsError {
  override readonly name = 'StatisticsOptionError';
  /** The option or argument, such as `poll.interval`. */
  readonly option: string;

  constructor(message: string, option: string) {
    super(message);
    this.option = option;
  }
}

/** An option error that names the option, the value and what was expected. Not for secrets: see {@link expectedSecret}. */
export function expected(option: string, value: unknown, what: string): StatisticsOptionError {
  return new StatisticsOptionError(`${harmless(option)} must be ${what}, got ${show(value)}`, option);
}

/** The same for an option whose value may be a secret: names only its type. */
export function expectedSecret(option: string, value: unknown, what: string): StatisticsOptionError {
  return new StatisticsOptionError(`${option} must be ${what}, got ${value === null ? 'null' : `a ${typeof value}`} (not shown)`, option);
}

/**
 * Makes a text harmless to a terminal (F100): control characters, C1 included, and characters that are invisible or turn a
 * line's direction become blanks. Otherwise a server could rewrite what an operator reads, or press their keys.
 */
export function plain(text: string): string {
  return text.replace(/(?:[^\P{Cc}\n\t]|[\p{Cf}\p{Zl}\p{Zp}])+/gu, ' ');
}

/** The same in one short line: nobody needs a whole page of HTML in a message. */
export function harmless(text: string, length = 200): string {
  const clean = plain(text.slice(0, length * 4)).replace(/\s+/g, ' ').trim();
  return clean.length > length ? `${clean.slice(0, length)}...` : clean;
}

function show(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(harmless(value, 80));
    case 'object':
      return value === null ? 'null' : Array.isArray(value) ? 'an array' : 'an object';
    case 'function':
      return 'a function';
    default:
      return String(value);
  }
}
