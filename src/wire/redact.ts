/**
 * Keeps secrets out of texts and errors (G11): a server may echo the key it was sent, a transport may quote a request.
 * Against accidents only: whoever has a secret and wants it seen can always write it backwards.
 */
import { plain } from '../model/errors.js';

export interface Redactor {
  /** One more secret to keep out. Those that are renewed for years go one day, oldest first, each kind on its own. */
  add(secret: string, kind: 'token' | 'cookie'): void;
  redact(text: string): string;
  /** An error from outside: itself where no secret shows in it, else a copy that holds none. */
  redactCause(cause: unknown): unknown;
}

/** Anything shorter would blot out innocent text, and is no secret. */
const minLength = 6;
/** A late echo of a token or a cookie that old is nobody's concern. As many as a cookie jar holds. */
const maxOfKind = 64;

/** @param permanent - never forgotten: the API key must not be shown for the hundredth token's sake. */
export function redactor(permanent: readonly string[]): Redactor {
  const always = permanent.flatMap(patternsOf);
  const renewed = { token: new Map<string, RegExp[]>(), cookie: new Map<string, RegExp[]>() };

  /** The longest first: what is part of another secret, too, would otherwise leave the rest of that one standing. */
  const redact = (text: string): string =>
    [always, ...renewed.token.values(), ...renewed.cookie.values()]
      .flat()
      .sort((a, b) => b.source.length - a.source.length)
      .reduce((clean, pattern) => clean.replace(pattern, '***'), text);

  return {
    add(secret, kind) {
      const secrets = renewed[kind];
      const patterns = secrets.get(secret) ?? patternsOf(secret);
      secrets.delete(secret);
      secrets.set(secret, patterns);
      if (secrets.size > maxOfKind) {
        secrets.delete(secrets.keys().next().value ?? '');
      }
    },
    redact,
    redactCause(cause) {
      const clean = (text: string): string => redact(plain(text));
      return isClean(cause, clean, new Set(), 0) ? cause : copy(cause, clean, 0);
    },
  };
}

/** The whole, each word of it, for `Basic abc` is echoed as `abc`, and the value in `name=value`. */
function patternsOf(secret: string): RegExp[] {
  const words = secret.split(/[ ,;]+/);
  const parts = new Set([secret, ...words, ...words.map((word) => word.slice(word.indexOf('=') + 1))]);
  return [...parts].filter(({ length }) => length >= minLength).map((part) => new RegExp(part.replace(/[^0-9A-Za-z]/g, written), 'gi'));
}

/** A character as it stands, or as JSON, a URL or HTML may write it: some encoders spare nothing but letters and digits. */
function written(character: string): string {
  const code = character.charCodeAt(0);
  return `(?:\\\\?\\x${code.toString(16).padStart(2, '0')}|\\\\u\\w{4}|${'%\\w\\w'.repeat(code < 128 ? 1 : 2)}|&#?\\w{1,6};)`;
}

const maxDepth = 6;
const maxNodes = 1000;

/**
 * Whether nothing in an error has to be cleaned, wherever a console would look: hidden properties and symbols too. What
 * may show more than its properties tell (a Map, a Request, anything of a class) is not looked into, and so not clean.
 */
function isClean(node: unknown, clean: (text: string) => string, seen: Set<unknown>, depth: number): boolean {
  if (typeof node === 'string' || typeof node === 'symbol') {
    const text = String(node);
    return clean(text) === text;
  }
  if (typeof node !== 'object' || node === null || seen.has(node)) {
    return typeof node !== 'function';
  }
  if (depth > maxDepth || seen.size > maxNodes) {
    return false;
  }
  seen.add(node);
  const isChildClean = (child: unknown): boolean => isClean(child, clean, seen, depth + 1);
  try {
    // By name, for engines keep some of an error's texts where no property shows them.
    const texts = node instanceof Error ? [node.name, node.message, node.stack] : undefined;
    const isOpen = texts !== undefined || Array.isArray(node) || [Object.prototype, null].includes(Object.getPrototypeOf(node) as object | null);
    return (
      isOpen &&
      (texts ?? []).every(isChildClean) &&
      Reflect.ownKeys(node).every((key) => {
        const property = Object.getOwnPropertyDescriptor(node, key);
        // A getter may say something else the next time it is asked; the stack is one.
        return isChildClean(key) && isChildClean(property?.value) && (property?.get === undefined || key === 'stack');
      })
    );
  } catch {
    return false;
  }
}

function copy(cause: unknown, clean: (text: string) => string, depth: number): unknown {
  const text = (value: unknown): string => (typeof value === 'string' ? clean(value) : '');
  if (!(cause instanceof Error) || depth > maxDepth) {
    return text(cause) || undefined;
  }
  try {
    const { name, message, stack, code, cause: inner } = cause as Error & { code?: unknown };
    const copied = new Error(text(message), inner === undefined ? {} : { cause: copy(inner, clean, depth + 1) });
    return Object.assign(copied, { name: text(name), stack: text(stack) }, text(code) === '' ? {} : { code: text(code) });
  } catch {
    return undefined;
  }
}
