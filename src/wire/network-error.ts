/**
 * The meaning of a transport's failure: an error of ours with its kind, read from the codes and texts that platforms hide
 * at different depths. Knows no request and no retry.
 */
import { harmless, isErrorLike, StatisticsNetworkError, type NetworkErrorKind } from '../model/errors.js';
import { redactCause } from './redact-cause.js';

/**
 * The failure of a program's transport, or of the platform below ours. Any other error that is not of our own family is a bug,
 * which must not pass for a failing network.
 */
export class TransportFailure extends Error {
  constructor(readonly reason: unknown) {
    super('the transport failed');
  }
}

/** Calls a function that is not ours, and marks its failure. */
export async function foreign<T>(call: () => T | Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (reason) {
    throw new TransportFailure(reason);
  }
}

/** The first pattern that fits the code and text of the cause decides; if none fits, the kind is `failed`. */
const kinds: readonly (readonly [RegExp, NetworkErrorKind])[] = [
  // No byte of the request reached the server, so nothing can have been opened there, and nothing is deleted.
  [/^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT)\b|^\S* ?Proxy response \(\d+\)|^bad port$/, 'refused'],
  // Nor was anything sent to a server that could not prove its identity.
  [/\bcertificate\b|_CERT_|hostname mismatch|packet length too long|wrong version number/i, 'untrusted'],
  // The answer is no HTTP, or not encoded as it says, so it is not the API's.
  [/^(HPE_|Z_|UND_ERR_HEADERS_OVERFLOW|UND_ERR_RES_CONTENT_LENGTH_MISMATCH)|does not match the HTTP|^too many content-encodings/, 'unreadable'],
];

/** @param redact - takes every secret out of a text. */
export function networkError(operation: string, cause: unknown, redact: (text: string) => string): StatisticsNetworkError {
  if (cause instanceof StatisticsNetworkError) {
    // A program's transport may use our class, and quote its request in it.
    const said = harmless(redact(cause.message));
    return new StatisticsNetworkError(`${operation}: ${said}`, cause.kind, { cause: redactCause(cause.cause, redact) });
  }
  const { code, said } = readFailure(cause);
  const kind = kinds.find(([pattern]) => pattern.test(`${code} ${said}`.trim()))?.[1] ?? 'failed';
  const why = harmless(redact(reason(code, said)));
  return new StatisticsNetworkError(`${operation} got no answer: ${why}`, kind, { cause: redactCause(cause, redact) });
}

/** A system's code is enough; a library's code needs its text. */
function reason(code: string, said: string): string {
  if (said === '' || /^E(?!RR_|PROTO)[A-Z_]+$/.test(code)) {
    return code === '' ? 'the transport failed' : code;
  }
  return code === '' ? said : `${said} (${code})`;
}

function readFailure(cause: unknown): { readonly code: string; readonly said: string } {
  try {
    return { code: codeOf(cause), said: textOf(cause) };
  } catch {
    // If a getter throws, nothing is known of the failure.
    return { code: '', said: '' };
  }
}

const maxCauses = 8;

/** The text of the innermost error: the outer ones of fetch all say that fetch failed. node-fetch names the whole URL first. */
function textOf(error: unknown): string {
  let root = error;
  for (let depth = 0; isErrorLike(root) && isErrorLike(root.cause) && depth < maxCauses; depth++) {
    root = root.cause;
  }
  // A program may throw a text, or an error whose text is none.
  const text: unknown = isErrorLike(root) ? root.message : root;
  return typeof text === 'string' ? text.replace(/^request to \S+ failed, reason: /, '') : '';
}

/** The code, from as deep in the causes as it lies: fetch hides it below a TypeError. */
function codeOf(error: unknown): string {
  for (let cause = error, depth = 0; isErrorLike(cause) && depth < maxCauses; cause = cause.cause, depth++) {
    const { code, errors } = cause;
    if (typeof code === 'string') {
      return code;
    }
    // Several addresses were tried: the first failure speaks for them.
    if (Array.isArray(errors) && errors.length > 0) {
      return codeOf(errors[0]);
    }
  }
  return '';
}
