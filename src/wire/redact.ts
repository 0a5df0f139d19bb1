/**
 * Keeps secrets out of texts (G11): a server may echo the key it was sent, a transport may quote a request. This is
 * against accidents only: a server that wants a secret seen can always write it backwards.
 */
import { inLowerCase, unescape } from './unescape.js';

export interface Redactor {
  /** Adds a secret. Only the 64 most recent tokens and the 64 most recent cookies are kept. */
  add(secret: string, kind: 'token' | 'cookie'): void;
  redact(text: string): string;
}

/** A secret as it is searched for: what a text begins with where the secret stands, and the whole. */
interface Needle {
  readonly raw: string;
  readonly unescaped: string;
}

/** A shorter text is no secret, and hiding it would blot out innocent text. */
const minLength = 6;
/** A cookie jar holds no more, and a late echo of an older token harms nobody. */
const maxOfKind = 64;
/** Searching for more than this at once takes time in proportion to both texts, and a server chooses both. */
const maxSearched = 64;

/** @param permanent - never forgotten: the hundredth token must not uncover the API key. */
export function redactor(permanent: readonly string[]): Redactor {
  const always = permanent.flatMap(partsOf).map(needleOf);
  const renewed = { token: new Map<string, Needle>(), cookie: new Map<string, Needle>() };

  return {
    add(secret, kind) {
      const needles = renewed[kind];
      const needle = needles.get(secret) ?? needleOf(secret);
      needles.delete(secret);
      needles.set(secret, needle);
      if (needles.size > maxOfKind) {
        needles.delete(needles.keys().next().value ?? '');
      }
    },
    redact(text) {
      const needles = [...always, ...renewed.token.values(), ...renewed.cookie.values()];
      const lower = inLowerCase(text);
      const raw = needles.flatMap((needle) => occurrences(lower, needle.raw));
      if (!/[\\%&]/.test(text)) {
        return blotOut(text, raw);
      }
      const plain = unescape(text);
      const escaped = needles.flatMap((needle) => occurrences(plain.text, needle.unescaped));
      return blotOut(text, [...raw, ...escaped.map(([from, to]) => plain.original(from, to))]);
    },
  };
}

/** The whole header, each word of it (`Basic abc` is echoed as `abc`), and the value in `name=value`. */
function partsOf(header: string): string[] {
  const words = header.split(/[ ,;]+/);
  return [...new Set([header, ...words, ...words.map((word) => word.slice(word.indexOf('=') + 1))])];
}

function needleOf(secret: string): Needle {
  // A backslash at the end escapes whatever follows it, so it is in no unescaped text.
  return { raw: inLowerCase(secret), unescaped: unescape(secret).text.replace(/\\$/, '') };
}

type Range = readonly [from: number, to: number];

/** Where a secret stands in a text, or at least its first {@link maxSearched} characters. */
function occurrences(text: string, secret: string): Range[] {
  const found: Range[] = [];
  if (secret.length < minLength) {
    return found;
  }
  const start = secret.slice(0, maxSearched);
  for (let from = text.indexOf(start); from >= 0; ) {
    let length = start.length;
    while (length < secret.length && text[from + length] === secret[length]) {
      length++;
    }
    found.push([from, from + length]);
    from = text.indexOf(start, from + length);
  }
  return found;
}

/** Ranges may overlap: a secret may be part of another. */
function blotOut(text: string, ranges: readonly Range[]): string {
  let clean = '';
  let end = 0;
  for (const [from, to] of [...ranges].sort(([one], [other]) => one - other)) {
    if (from >= end) {
      clean += `${text.slice(end, from)}***`;
    }
    end = Math.max(end, to);
  }
  return clean + text.slice(end);
}
