/**
 * A text with every escape of JSON, URLs and HTML resolved, however deeply they are nested, so that a text has one form
 * whoever wrote it. Pure, and linear in the text. Knows nothing of secrets.
 */

export interface Unescaped {
  /** In lower case. */
  readonly text: string;
  /** Where the characters of {@link text} from `from` up to `to` stand in the original. */
  original(from: number, to: number): readonly [from: number, to: number];
}

/** The escape that a text ends with: its length, and the code of the character it stands for. */
interface Escape {
  readonly length: number;
  readonly code: number;
}

const backslash = 0x5c;
const percent = 0x25;
const semicolon = 0x3b;
const letterU = 0x75;
const entities: ReadonlyMap<string, number> = new Map([['amp', 0x26], ['lt', 0x3c], ['gt', 0x3e], ['quot', 0x22], ['apos', 0x27]]);
/** Characters of `&#0000047;`. */
const longestEntity = 10;

export function unescape(original: string): Unescaped {
  const codes = new Uint16Array(original.length);
  const starts = new Uint32Array(original.length);
  const ends = new Uint32Array(original.length);
  let length = 0;

  for (let at = 0; at < original.length; at++) {
    let code = lowerCase(original.charCodeAt(at));
    let start = at;
    // The character that an escape stands for may complete another one (`%2525`). Every round shortens the text, so all of them are linear.
    for (;;) {
      if (length > 0 && codes[length - 1] === backslash && code !== letterU) {
        start = starts[--length] ?? 0;
      }
      codes[length] = code;
      starts[length] = start;
      ends[length++] = at + 1;
      const escape = escapeAtEnd(codes, length);
      if (escape === undefined) {
        break;
      }
      length -= escape.length;
      start = starts[length] ?? 0;
      code = lowerCase(escape.code);
    }
  }
  return { text: textOf(codes.subarray(0, length)), original: (from, to) => [starts[from] ?? 0, ends[to - 1] ?? 0] };
}

/** A text in lower case, with every character where it was: some have longer forms. */
export function inLowerCase(text: string): string {
  const lower = text.toLowerCase();
  return lower.length === text.length ? lower : text.replace(/[A-Z\xc0-\xde]/g, (letter) => letter.toLowerCase());
}

function escapeAtEnd(codes: Uint16Array, length: number): Escape | undefined {
  const at = (fromEnd: number): number => codes[length - fromEnd] ?? 0;
  const last = at(1);
  if (isHex(last)) {
    if (at(3) === percent && isHex(at(2))) {
      return { length: 3, code: hexOf(codes.subarray(length - 2, length)) };
    }
    const digits = codes.subarray(Math.max(0, length - 4), length);
    return at(6) === backslash && at(5) === letterU && digits.every(isHex) ? { length: 6, code: hexOf(digits) } : undefined;
  }
  if (last === semicolon) {
    return entityOf(textOf(codes.subarray(Math.max(0, length - longestEntity), length)));
  }
  // The UTF-8 of a character beyond ASCII that a header may hold. URLs write its two bytes: first 0xc2 or 0xc3, here in lower case.
  const isUtf8 = last >= 0x80 && last <= 0xbf && (at(2) === 0xe2 || at(2) === 0xe3);
  return isUtf8 ? { length: 2, code: ((at(2) & 0x03) << 6) | (last & 0x3f) } : undefined;
}

function entityOf(text: string): Escape | undefined {
  const [entity = '', name = '', decimal, hex] = /&(#(\d+)|#x([0-9a-f]+)|[a-z]+);$/.exec(text) ?? [];
  const code = decimal !== undefined ? Number(decimal) : hex !== undefined ? parseInt(hex, 16) : entities.get(name);
  return code === undefined || code > 0xffff ? undefined : { length: entity.length, code };
}

function isHex(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || (code >= 0x61 && code <= 0x66);
}

function hexOf(digits: Uint16Array): number {
  return digits.reduce((value, code) => value * 16 + (code <= 0x39 ? code - 0x30 : code - 0x57), 0);
}

/** As far as a header's value goes. */
function lowerCase(code: number): number {
  const isUpper = (code >= 0x41 && code <= 0x5a) || (code >= 0xc0 && code <= 0xde && code !== 0xd7);
  return isUpper ? code + 0x20 : code;
}

/** In pieces, since a call takes so many arguments only. */
function textOf(codes: Uint16Array): string {
  let text = '';
  for (let at = 0; at < codes.length; at += 8192) {
    text += String.fromCharCode(...codes.subarray(at, at + 8192));
  }
  return text;
}
