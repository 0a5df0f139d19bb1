/**
 * The errors of the library: one class for each decision that a caller can make. Messages name the method, the path and the
 * cause, and never a secret. A server's text is made harmless before a message includes it.
 */
import type { StatisticRequest } from './statistic.js';

/** The base of every error of this library. */
export class StatisticsError extends Error {
  override readonly name: string = 'StatisticsError';

  /** The form for loggers: name, message, the fields of the class, and the causes. No stack and no secret. */
  toJSON(): Readonly<Record<string, unknown>> {
    return describe(this, 0);
  }
}

/** The most causes to show of a chain. Without a limit, a cycle of causes would never end. */
const mostCauses = 6;

/** An error that is not our own shows its `code` but no other fields, which may be secret or very large. */
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
 * Makes the reason for an abort by the client itself. Reads its stack at once, because V8 computes stacks lazily: an unread stack
 * retains the calls that made the error for as long as anything holds the reason.
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
  /** `status.detail` of the envelope, which may be any data. */
  readonly detail?: unknown;
  /** `path` of the envelope. */
  readonly path?: string | undefined;
  /** Milliseconds, from the answer's arrival, during which the server wants no further requests. Read from its `Retry-After`. */
  readonly retryAfter?: number | undefined;
}

/** The server answered that it refused, or failed. */
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
 * The reason why no usable answer arrived. `'refused'`: the request cannot have reached the server. `'untrusted'`: the request was
 * not sent, because the connection is not secure. `'unreadable'`: the answer does not come from the API.
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
  /** The refused definitions, as the program requested them. */
  readonly definitions: readonly StatisticRequest[];

  constructor(message: string, definitions: readonly StatisticRequest[], options?: ErrorOptions) {
    super(message, options);
    this.definitions = Object.freeze([...definitions]);
  }
}

/** Whether a value has the shape of an error. `instanceof Error` fails for an error of another realm (a test runner's, a frame's). */
export function isErrorLike(value: unknown): value is Error & { readonly code?: unknown; readonly errors?: unknown } {
  return value instanceof Error || (typeof value === 'object' && value !== null && typeof (value as { message?: unknown }).message === 'string');
}

/** A bug of this library, or an unsupported platform. Such an error is reported at once, because no retry helps. */
export class UnexpectedError extends StatisticsError {}

/** Converts a caught value to one of our own errors. Any other value that gets this far comes from a bug. */
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

/** An option error that names the option, the value and the expectation. For secrets use {@link expectedSecret}. */
export function expected(option: string, value: unknown, what: string): StatisticsOptionError {
  return new StatisticsOptionError(`${harmless(option)} must be ${what}, got ${show(value)}`, option);
}

/** An option error for an option whose value may be a secret, so it names only the value's type. */
export function expectedSecret(option: string, value: unknown, what: string): StatisticsOptionError {
  const kind = value === '' ? 'an empty string' : `${value === null ? 'null' : `a ${typeof value}`} (not shown)`;
  return new StatisticsOptionError(`${option} must be ${what}, got ${kind}`, option);
}

/**
 * Makes a text harmless to a terminal (F100). Otherwise a server could rewrite an operator's screen, or inject input into the
 * terminal. Blanks replace control characters (C1 included), lone surrogates, invisible characters and characters that reverse the
 * direction of a line. All other characters stay as they are, quotes and backslashes included.
 */
export function plain(text: string): string {
  return text.replace(/(?:[^\P{Cc}\n\t]|[\p{Cf}\p{Cs}\p{Zl}\p{Zp}])+/gu, ' ');
}

/** Like {@link plain}, but in one short line, because a text may be a whole page of HTML. */
export function harmless(text: string, length = 200): string {
  const clean = plain(text.slice(0, length * 4)).replace(/\s+/g, ' ').trim();
  // The cut may leave a lone surrogate at the end.
  return clean.length > length ? `${clean.slice(0, length).replace(/\p{Cs}$/u, '')}...` : clean;
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
