/**
 * What it means that a transport failed: an error of ours with its kind, read from the codes and texts that platforms hide
 * at different depths. Knows no request and no retry.
 */
import { harmless, StatisticsNetworkError, type NetworkErrorKind } from '../model/errors.js';
import type { Credentials } from './credentials.js';

/** By the code and the text of the cause; the first that fits, `failed` where none does. */
const kinds: readonly (readonly [RegExp, NetworkErrorKind])[] = [
  // No byte of the request reached the server, so nothing can have been opened there, and nothing is deleted.
  [/^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT)\b|^\S* ?Proxy response \(\d+\)/, 'refused'],
  // Nor was anything sent to whoever could not show who he is.
  [/\bcertificate\b|_CERT_|hostname mismatch|packet length too long|wrong version number/i, 'untrusted'],
  // Something came that is no HTTP, or not encoded as it says: as little an API as a page of HTML.
  [/^(HPE_|Z_|UND_ERR_HEADERS_OVERFLOW)|does not match the HTTP/, 'unreadable'],
];

export function networkError(operation: string, cause: unknown, credentials: Pick<Credentials, 'redact' | 'redactCause'>): StatisticsNetworkError {
  if (cause instanceof StatisticsNetworkError) {
    // A transport of a program's own may use our class, and quote its request in it.
    const said = harmless(credentials.redact(cause.message));
    return new StatisticsNetworkError(`${operation}: ${said}`, cause.kind, { cause: credentials.redactCause(cause.cause) });
  }
  const code = codeOf(cause);
  const said = rootOf(cause);
  const kind = kinds.find(([pattern]) => pattern.test(`${code} ${said}`.trim()))?.[1] ?? 'failed';
  const why = harmless(credentials.redact(reason(code, said)));
  return new StatisticsNetworkError(`${operation} got no answer: ${why}`, kind, { cause: credentials.redactCause(cause) });
}

/** A code of the system says it all; one of a library needs its text. */
function reason(code: string, said: string): string {
  if (said === '' || /^E(?!RR_|PROTO)[A-Z_]+$/.test(code)) {
    return code === '' ? 'the transport failed' : code;
  }
  return code === '' ? said : `${said} (${code})`;
}

/** What the innermost error says: the outer ones of fetch all say that fetch failed. node-fetch names the whole URL first. */
function rootOf(error: unknown): string {
  let root = error;
  for (let depth = 0; root instanceof Error && root.cause instanceof Error && depth < 8; depth++) {
    root = root.cause;
  }
  // Whatever a program calls an error need not have a text.
  return root instanceof Error && typeof root.message === 'string' ? root.message.replace(/^request to \S+ failed, reason: /, '') : '';
}

/** The code, from as deep in the causes as it lies: fetch hides it below a TypeError. */
function codeOf(error: unknown): string {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 8; cause = cause.cause, depth++) {
    const { code, errors } = cause as { code?: unknown; errors?: unknown };
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
