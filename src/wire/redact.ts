/**
 * Keeps secrets out of texts (G11): a server may echo the key it was sent, a transport may quote a request. This is
 * against accidents only: a server that wants a secret seen can always write it backwards.
 */
import { unescape } from './unescape.js';

export interface Redactor {
  /** Adds a secret. Only the 64 most recent tokens and the 64 most recent cookies are kept. */
  add(secret: string, kind: 'token' | 'cookie'): void;
  /** Takes every secret out of a text; one that shows escaped, as JSON, URLs or HTML write it, is taken out of the unescaped text. */
  redact(text: string): string;
}

/** A shorter text is no secret, and hiding it would hide innocent text as well. */
const minLength = 6;
/** A cookie jar holds no more, and a late echo of an older token harms nobody. */
const maxOfKind = 64;
/** Searching for more than this at once would take time in proportion to both texts, and a server chooses both. */
const maxSearched = 64;

/** @param permanent - never forgotten: the hundredth token must not uncover the API key. */
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

/** The whole header, each word of it (`Basic abc` is echoed as `abc`), and the value in `name=value`. */
function partsOf(header: string): string[] {
  const words = header.split(/[ ,;]+/);
  return [...new Set([header, ...words, ...words.map((word) => word.slice(word.indexOf('=') + 1))])];
}

/** The forms in which a secret may appear: as it is, and as it is after unescaping. */
function formsOf(secret: string): string[] {
  return [...new Set([secret, unescape(secret)].map(inLowerCase))].filter(({ length }) => length >= minLength);
}

function hide(text: string, secrets: readonly string[]): string {
  const lower = inLowerCase(text);
  let clean = '';
  let end = 0;
  // In the order of the text, and overlapping ones as one: a secret may be part of another.
  for (const [from, to] of secrets.flatMap((secret) => occurrences(lower, secret)).sort(([one], [other]) => one - other)) {
    if (from >= end) {
      clean += `${text.slice(end, from)}***`;
    }
    end = Math.max(end, to);
  }
  return clean + text.slice(end);
}

/** Where a secret stands in a text, or at least its first {@link maxSearched} characters. */
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

/** A text in lower case, with every character where it was: some have longer forms. */
function inLowerCase(text: string): string {
  const lower = text.toLowerCase();
  return lower.length === text.length ? lower : text.replace(/[A-Z\xc0-\xde]/g, (letter) => letter.toLowerCase());
}
