/** Keeps secrets out of texts and errors (G11): a server may echo the key it was sent, a transport may quote a request. */

export interface Redactor {
  /** One more secret to keep out; older ones stay. */
  add(secret: string): void;
  redact(text: string): string;
  /** An error from outside: itself where no secret shows in it, else a copy that holds none. */
  redactCause(cause: unknown): unknown;
}

/** Anything shorter would blot out innocent text, and is no secret. */
const minLength = 6;
/** Tokens are renewed for years; a late echo of one that old is nobody's concern. */
const maxSecrets = 64;

export function redactor(initial: readonly string[]): Redactor {
  const secrets = new Set<string>();
  const add = (secret: string): void => {
    // As it stands, as JSON and as a URL would write it; and each word, for `Basic abc` is echoed as `abc`.
    for (const part of [secret, ...secret.split(' ')].filter(({ length }) => length >= minLength)) {
      secrets.add(part).add(JSON.stringify(part).slice(1, -1)).add(encodeURIComponent(part));
    }
    for (const oldest of secrets) {
      if (secrets.size <= maxSecrets) {
        break;
      }
      secrets.delete(oldest);
    }
  };
  initial.forEach(add);

  function redact(text: string): string {
    let clean = text;
    for (const secret of secrets) {
      clean = clean.replaceAll(secret, '***');
    }
    return clean;
  }

  function redactCause(cause: unknown): unknown {
    const seen = new Set<unknown>();
    return isClean(cause, redact, seen, 0) ? cause : copy(cause, redact, 0);
  }

  return { add, redact, redactCause };
}

const maxDepth = 6;
const maxNodes = 1000;

function isClean(node: unknown, redact: (text: string) => string, seen: Set<unknown>, depth: number): boolean {
  if (typeof node === 'string') {
    return redact(node) === node;
  }
  if (typeof node !== 'object' || node === null || seen.has(node)) {
    return true;
  }
  if (depth > maxDepth || seen.size > maxNodes) {
    return false;
  }
  seen.add(node);
  // Own properties, hidden ones included: an error's message and stack are not enumerable.
  return Object.getOwnPropertyNames(node).every((name) => {
    try {
      return isClean((node as Record<string, unknown>)[name], redact, seen, depth + 1);
    } catch {
      return false;
    }
  });
}

function copy(cause: unknown, redact: (text: string) => string, depth: number): unknown {
  if (!(cause instanceof Error)) {
    return undefined;
  }
  const clean = new Error(redact(cause.message), depth < maxDepth && cause.cause !== undefined ? { cause: copy(cause.cause, redact, depth + 1) } : {});
  clean.name = redact(cause.name);
  clean.stack = redact(cause.stack ?? '');
  const { code } = cause as { code?: unknown };
  return typeof code === 'string' ? Object.assign(clean, { code: redact(code) }) : clean;
}
