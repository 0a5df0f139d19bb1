/**
 * The family of errors: one class per kind of decision a caller makes. Their messages name the method, the path and
 * the cause, never a secret; text of the server is made harmless before it gets in.
 */
import type { StatisticRequest } from './statistic.js';

/** The base of every error this library gives. */
export class StatisticsError extends Error {
  override readonly name: string = 'StatisticsError';
}

/**
 * Why something of ours is aborted. Its stack is read at once: unread, it would keep alive all that was at work when it was
 * made, as long as anything remembers what was aborted.
 */
export function reasonToEnd(message: string): StatisticsError {
  const reason = new StatisticsError(message);
  Reflect.get(reason, 'stack');
  return reason;
}

/** What the server said besides its status. */
export interface ApiErrorDetails {
  /** `'GET /subscriptions/{id}/statistic-values'`: the method and the path below the base. */
  readonly operation: string;
  readonly httpStatus: number;
  /** `status.code` of the envelope, where there was one. */
  readonly code?: number | undefined;
  /** `status.detail` of the envelope: any data. */
  readonly detail?: unknown;
  /** `path` of the envelope. */
  readonly path?: string | undefined;
  /** When the server asked not to be asked again before: milliseconds from the answer's arrival. */
  readonly retryAfter?: number | undefined;
}

/** The server said no. */
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
 * Why nothing usable came. `'refused'`: the request cannot have reached the server. `'untrusted'`: nor was it sent, since no
 * connection to whoever answers is secure. `'unreadable'`: something came that is not the API's.
 */
export type NetworkErrorKind = 'refused' | 'untrusted' | 'failed' | 'timeout' | 'too-large' | 'unreadable' | 'redirect';

/** Nothing usable came: refused, reset, timed out, too large, not JSON. */
export class StatisticsNetworkError extends StatisticsError {
  override readonly name = 'StatisticsNetworkError';
  readonly kind: NetworkErrorKind;

  constructor(message: string, kind: NetworkErrorKind, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}

/** This definition is refused, or the server does not return it. The cause is the server's error, where it gave one. */
export class StatisticRejectedError extends StatisticsError {
  override readonly name = 'StatisticRejectedError';
  /** The definitions that were asked for and are refused. */
  readonly definitions: readonly StatisticRequest[];

  constructor(message: string, definitions: readonly StatisticRequest[], options?: ErrorOptions) {
    super(message, options);
    this.definitions = Object.freeze([...definitions]);
  }
}

/** Whether a value is an error, by its shape: one of another realm (a test runner's, a frame's) is no `instanceof Error` here. */
export function isErrorLike(value: unknown): value is Error & { readonly code?: unknown; readonly errors?: unknown } {
  return value instanceof Error || (typeof value === 'object' && value !== null && typeof (value as { message?: unknown }).message === 'string');
}

/** A bug of this library, or a platform that it does not support. It is reported at once, since no retry heals it. */
export class UnexpectedError extends StatisticsError {}

/** A caught value as an error of ours; any other error that gets so far is a bug. */
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

/** The same for an option whose value may be a secret: tells only its type. */
export function expectedSecret(option: string, value: unknown, what: string): StatisticsOptionError {
  return new StatisticsOptionError(`${option} must be ${what}, got ${value === null ? 'null' : `a ${typeof value}`} (not shown)`, option);
}

/**
 * A text in which nothing drives a terminal (F100): control characters, C1 ones too, and those that turn the direction of
 * a line or hide in it become blanks. Without this a server could rewrite what an operator reads, or press their keys.
 */
export function plain(text: string): string {
  return text.replace(/(?:[^\P{Cc}\n\t]|[\p{Cf}\p{Zl}\p{Zp}])+/gu, ' ');
}

/** The same in one short line: a page of HTML helps nobody. */
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
