/**
 * The layout of an answer: the positions at which each statistic begins and ends. Owns the search for structure in the bytes of JSON.
 * Structural characters are ASCII, and no other UTF-8 character contains such a byte, so nothing is decoded. JSON.parse judges the
 * content.
 */
import { partsOf } from '#bytes';

/** Entry `i` of an answer occupies the bytes from `starts[i]` to `ends[i]`. */
export interface Layout {
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
}

export const emptyLayout = (count: number): Layout => ({ starts: new Uint32Array(count), ends: new Uint32Array(count) });

/** Whether an entry may end at `at`: a comma follows, or the list ends there. */
export function isBoundary(bytes: Uint8Array, at: number, end: number): boolean {
  return at === end || (at >= 0 && at < end && bytes[at] === comma);
}

const [comma, quote, backslash, openBrace, closeBrace, openBracket, closeBracket] = Array.from(',"\\{}[]', (character) => character.charCodeAt(0)) as [
  number, number, number, number, number, number, number,
];

/** The end of the object that begins at `at`; -1 if no object begins there, or if the object has no end. */
export function endOfObject(bytes: Uint8Array, at: number, end: number): number {
  return bytes[at] === openBrace ? endOfContainer(bytes, at, end) : -1;
}

/** The end of the object or list that begins at `at`, found by counting brackets; -1 if it has no end. */
function endOfContainer(bytes: Uint8Array, at: number, end: number): number {
  let depth = 0;
  for (let index = at; index < end; index++) {
    const code = bytes[index];
    if (code === quote) {
      index = endOfString(bytes, index);
    } else if (code === openBrace || code === openBracket) {
      depth++;
    } else if (code === closeBrace || code === closeBracket) {
      depth--;
      if (depth === 0) {
        return index + 1;
      }
    }
  }
  return -1;
}

/**
 * The layout of `data.statistics` in bytes that JSON.parse accepted. `undefined` if the list found could differ from the one that
 * JSON.parse returned. Reasons are a repeated key, an escaped key, an entry that is no object, or white space before a comma.
 */
export function layoutOf(bytes: Uint8Array, count: number): Layout | undefined {
  const layout = emptyLayout(count);
  const part = partsOf(bytes);
  const entries: Reader = (at) => fillLayout(bytes, at, layout);
  const data: Reader = (at) => readMember(bytes, part, at, 'statistics', entries);
  return count > 0 && readMember(bytes, part, skipSpace(bytes, 0), 'data', data) !== undefined ? layout : undefined;
}

/** Reads the value that begins at `at`. Returns its end, or `undefined` if the value is not as expected. */
type Reader = (at: number) => number | undefined;

/** Reads the value of one key of the object at `at`. Returns the object's end. The key must occur exactly once, unescaped. */
function readMember(bytes: Uint8Array, part: ReturnType<typeof partsOf>, at: number, key: string, read: Reader): number | undefined {
  if (bytes[at] !== openBrace) {
    return undefined;
  }
  let found = false;
  let index = skipSpace(bytes, at + 1);
  while (bytes[index] === quote) {
    const stop = endOfString(bytes, index);
    const name = part(index + 1, stop);
    const value = skipSpace(bytes, skipSpace(bytes, stop + 1) + 1);
    const end = name === key ? read(value) : endOfValue(bytes, value);
    if (name.includes('\\') || end === undefined || (name === key && found)) {
      return undefined;
    }
    found ||= name === key;
    const next = skipSpace(bytes, end);
    index = bytes[next] === comma ? skipSpace(bytes, next + 1) : next;
  }
  return found ? index + 1 : undefined;
}

/** Fills the layout with the entries of the list at `at`. Returns the list's end, or `undefined` if the number of entries differs. */
function fillLayout(bytes: Uint8Array, at: number, { starts, ends }: Layout): number | undefined {
  if (bytes[at] !== openBracket) {
    return undefined;
  }
  let start = skipSpace(bytes, at + 1);
  let closing = -1;
  for (let index = 0; index < starts.length; index++) {
    const stop = endOfObject(bytes, start, bytes.length);
    const isLast = index === starts.length - 1;
    closing = isLast ? skipSpace(bytes, stop) : stop;
    if (bytes[closing] !== (isLast ? closeBracket : comma)) {
      return undefined;
    }
    starts[index] = start;
    ends[index] = stop;
    start = skipSpace(bytes, stop + 1);
  }
  return closing + 1;
}

function endOfValue(bytes: Uint8Array, at: number): number {
  const code = bytes[at];
  if (code === quote) {
    return endOfString(bytes, at) + 1;
  }
  if (code === openBrace || code === openBracket) {
    const stop = endOfContainer(bytes, at, bytes.length);
    return stop < 0 ? bytes.length : stop;
  }
  let index = at;
  while (index < bytes.length && !isEndOfScalar(bytes[index])) {
    index++;
  }
  return index;
}

function isEndOfScalar(code: number | undefined): boolean {
  return code === comma || code === closeBrace || code === closeBracket || isSpace(code);
}

/** The index of the quote that closes the string at `at`; the end of the bytes if there is none. */
function endOfString(bytes: Uint8Array, at: number): number {
  for (let index = at + 1; index < bytes.length; index++) {
    const code = bytes[index];
    if (code === backslash) {
      index++;
    } else if (code === quote) {
      return index;
    }
  }
  return bytes.length;
}

/** Skips only the white space that JSON allows: JSON.parse rejects anything else between entries. */
export function skipSpace(bytes: Uint8Array, at: number): number {
  let index = at;
  while (isSpace(bytes[index])) {
    index++;
  }
  return index;
}

function isSpace(code: number | undefined): boolean {
  return code === 32 || code === 10 || code === 13 || code === 9;
}
