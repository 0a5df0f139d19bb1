/**
 * Turns a transport's failure into one of our errors with its kind, read from codes and texts that platforms hide at different
 * depths. Knows no request and no retry.
 */
import { harmless, isErrorLike, StatisticsNetworkError, type NetworkErrorKind } from '../model/errors.js';
import { redactCause } from './redact-cause.js';

/**
 * Marks a failure of the program's transport, or of the platform below our own. Any other error that is not a `StatisticsError`
 * is a bug, and must not be reported as a failing network.
 */
export class TransportFailure extends Error {
  constructor(readonly reason: unknown) {
    super('the transport failed');
  }
}

/** Calls the transport of the program, or of the platform, and marks its failure. */
export async function callTransport<T>(call: () => T | Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (reason) {
    throw new TransportFailure(reason);
  }
}

/** The first pattern that fits the code and text of the cause decides; if none fits, the kind is `failed`. */
const kinds: readonly (readonly [RegExp, NetworkErrorKind])[] = [
  // No byte of the request reached the server, so nothing was opened, and no DELETE is needed.
  [/^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT)\b|^\S* ?Proxy response \(\d+\)|^bad port$/, 'refused'],
  // The server could not prove its identity, so nothing was sent to it.
  [/\bcertificate\b|_CERT_|hostname mismatch|packet length too long|wrong version number/i, 'untrusted'],
  // The answer is not valid HTTP, or not encoded as its headers say, so it does not come from the API.
  [/^(HPE_|Z_|UND_ERR_HEADERS_OVERFLOW|UND_ERR_RES_CONTENT_LENGTH_MISMATCH)|does not match the HTTP|^too many content-encodings/, 'unreadable'],
];

/** @param redact - removes every secret from a text. */
export function networkError(operation: string, cause: unknown, redact: (text: string) => string): StatisticsNetworkError {
  if (cause instanceof StatisticsNetworkError) {
    // A program's transport may throw our class, and quote its request in the message.
    const said = harmless(redact(cause.message));
    return new StatisticsNetworkError(`${operation}: ${said}`, cause.kind, { cause: redactCause(cause.cause, redact) });
  }
  const { code, said } = readFailure(cause);
  const kind = kinds.find(([pattern]) => pattern.test(`${code} ${said}`.trim()))?.[1] ?? 'failed';
  const why = harmless(redact(reason(code, said)));
  return new StatisticsNetworkError(`${operation} got no answer: ${why}`, kind, { cause: redactCause(cause, redact) });
}

/** The reason for a message. A system code such as `ECONNRESET` is enough, with the name that has no address; the code of a library needs its text. */
function reason(code: string, said: string): string {
  if (said.startsWith(`getaddrinfo ${code} `)) {
    return said.slice('getaddrinfo '.length);
  }
  if (said === '' || /^E(?!RR_|PROTO)[A-Z_]+$/.test(code)) {
    return code === '' ? 'the transport failed' : code;
  }
  return code === '' ? said : `${said} (${code})`;
}

function readFailure(cause: unknown): { readonly code: string; readonly said: string } {
  try {
    return { code: codeOf(cause), said: textOf(cause) };
  } catch {
    // A getter of the error threw, so nothing is known about the failure.
    return { code: '', said: '' };
  }
}

const maxCauses = 8;

/** The text of the innermost error, because the outer ones of `fetch` only say that it failed. The URL that node-fetch adds is removed. */
function textOf(error: unknown): string {
  let root = error;
  for (let depth = 0; isErrorLike(root) && isErrorLike(root.cause) && depth < maxCauses; depth++) {
    root = root.cause;
  }
  // A program may throw a string, or an error whose message is no string.
  const text: unknown = isErrorLike(root) ? root.message : root;
  return typeof text === 'string' ? text.replace(/^request to \S+ failed, reason: /, '') : '';
}

/** The first code in the chain of causes, because `fetch` hides it below a TypeError. */
function codeOf(error: unknown): string {
  for (let cause = error, depth = 0; isErrorLike(cause) && depth < maxCauses; cause = cause.cause, depth++) {
    const { code, errors } = cause;
    if (typeof code === 'string') {
      return code;
    }
    // Several addresses were tried; the first failure stands for all of them.
    if (Array.isArray(errors) && errors.length > 0) {
      return codeOf(errors[0]);
    }
  }
  return '';
}
