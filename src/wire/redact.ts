/**
 * Keeps secrets out of texts (G11): a server may echo the key that it received, and a transport may quote a request. This protects
 * against accidents only: a hostile server could, for example, write the key backwards. Owns the known secrets.
 */
import { unescape } from './unescape.js';

export interface Redactor {
  /** Adds a secret. Only the 64 most recent tokens and the 64 most recent cookies are kept. */
  add(secret: string, kind: 'token' | 'cookie'): void;
  /** Replaces every secret in a text. If a secret appears in an escaped form (JSON, URL, HTML), the result is the unescaped text. */
  redact(text: string): string;
}

/** Characters. A shorter text is no real secret, and hiding it would also hide other text. */
const minLength = 6;
/** A cookie jar holds no more cookies than this, and a late echo of an older token does no harm. */
const maxOfKind = 64;
/** Characters of a secret to search for at once. A longer search could take quadratic time, and the server chooses both texts. */
const maxSearched = 64;

/** @param permanent - secrets that are never forgotten, such as the API key, however many tokens are added later. */
export function redactor(permanent: readonly string[]): Redactor {
  const always = permanent.flatMap(partsOf).map(formsOf);
  const renewed = { token: new Map<string, string[]>(), cookie: new Map<string, string[]>() };

  return {
    add(secret, kind) {
      const secrets = renewed[kind];
      const forms = secrets.get(secret) ?? formsOf(secret);
      secrets.delete(secret);
      secrets.set(secret, forms);
      if (secrets.size > maxOfKind) {
        secrets.delete(secrets.keys().next().value ?? '');
      }
    },
    redact(text) {
      const secrets = [...always, ...renewed.token.values(), ...renewed.cookie.values()].flat();
      const plain = /[\\%&]/.test(text) ? unescape(text) : text;
      const clean = hide(plain, secrets);
      return clean === plain ? hide(text, secrets) : clean;
    },
  };
}

/** The whole header, each of its words (a server may echo `Basic abc` as `abc`), and the value in `name=value`. */
function partsOf(header: string): string[] {
  const words = header.split(/[ ,;]+/);
  return [...new Set([header, ...words, ...words.map((word) => word.slice(word.indexOf('=') + 1))])];
}

/** The forms in which a secret may appear: the secret itself, and the secret after unescaping. */
function formsOf(secret: string): string[] {
  return [...new Set([secret, unescape(secret)].map(inLowerCase))].filter(({ length }) => length >= minLength);
}

function hide(text: string, secrets: readonly string[]): string {
  const lower = inLowerCase(text);
  let clean = '';
  let end = 0;
  // Occurrences are sorted by position, and overlapping ones are merged, because a secret may be part of another.
  for (const [from, to] of secrets.flatMap((secret) => occurrences(lower, secret)).sort(([one], [other]) => one - other)) {
    if (from >= end) {
      clean += `${text.slice(end, from)}***`;
    }
    end = Math.max(end, to);
  }
  return clean + text.slice(end);
}

/** The ranges of a text that hold a secret, or at least its first {@link maxSearched} characters. */
function occurrences(text: string, secret: string): [from: number, to: number][] {
  const found: [number, number][] = [];
  const start = secret.slice(0, maxSearched);
  for (let from = text.indexOf(start); from >= 0; ) {
    let to = from + start.length;
    while (to - from < secret.length && text[to] === secret[to - from]) {
      to++;
    }
    found.push([from, to]);
    from = text.indexOf(start, to);
  }
  return found;
}

/** A text in lower case. Positions must not move, so a text with a character whose lower case is longer is converted letter by letter. */
function inLowerCase(text: string): string {
  const lower = text.toLowerCase();
  return lower.length === text.length ? lower : text.replace(/[A-Z\xc0-\xde]/g, (letter) => letter.toLowerCase());
}
