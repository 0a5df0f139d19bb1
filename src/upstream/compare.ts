/**
 * Reading an answer by comparing it with the last: text that is equal needs no parsing. Owns the text of the last answer
 * and where its statistics begin and end in it; knows nothing of definitions or of what a value means.
 *
 * Exact, not by guess. The text before the list of statistics must be the last answer's, and so must the text after it;
 * then each statistic in between is either the same text as before, and so the same value, or a text that parses as one
 * object. Whatever does not fit that is parsed as a whole.
 */
import { isParsable, worthLooking } from '../wire/bounds.js';
import { isRecord, type Entry } from '../wire/envelope.js';

export interface Compared {
  /** All entries of the answer in its order; one that did not change is the very object of the last answer. */
  readonly entries: readonly Entry[];
  /** The places of those that did; `undefined` where that is not known: any may have. */
  readonly changed: readonly number[] | undefined;
}

export interface Comparer {
  /**
   * Reads the text of an answer.
   *
   * @param parse - reads the whole text: its entries, or `undefined` where it holds none. May throw.
   */
  read(text: string, parse: (text: string) => readonly Entry[] | undefined): Compared | undefined;
  /** The last answer was not taken after all: the next is compared with nothing. */
  forget(): void;
}

/** Where the statistics stand in a text: entry `i` from `starts[i]` to `ends[i]`. */
interface Layout {
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
}

const emptyLayout = (count: number): Layout => ({ starts: new Uint32Array(count), ends: new Uint32Array(count) });

/** So many entries are compared at a time; where they differ, a quarter of them, and then each. */
const largestBlock = 16;
const blockRatio = 4;
/** Comparing pays while less than this share of all changes. */
const worthwhile = 0.5;
/** After it did not pay, so many answers are parsed as a whole before it is tried again. */
const pauseAfterFailure = 16;

/** @param keep - what there is to keep of an entry: nothing that differs may look the same for it. */
export function createComparer(keep: (entry: Entry, place: number) => Entry): Comparer {
  let last = '';
  let entries: readonly Entry[] | undefined;
  let layout: Layout | undefined;
  /** The one before, to be written over. */
  let spare: Layout | undefined;
  let pause = 0;

  function readWhole(text: string, parse: (text: string) => readonly Entry[] | undefined): Compared | undefined {
    entries = parse(text)?.map(keep);
    last = text;
    layout = pause > 0 || entries === undefined ? undefined : layoutOf(text, entries.length);
    pause = Math.max(0, pause - 1);
    return entries === undefined ? undefined : { entries, changed: undefined };
  }

  return {
    read(text, parse) {
      if (entries !== undefined && text === last) {
        return { entries, changed: [] };
      }
      const known = layout;
      if (known === undefined || entries === undefined) {
        return readWhole(text, parse);
      }
      const next = spare?.starts.length === entries.length ? spare : emptyLayout(entries.length);
      const found = compare(text, last, entries, known, next, keep);
      if (found === 'too many') {
        pause = pauseAfterFailure;
      }
      if (typeof found === 'string') {
        return readWhole(text, parse);
      }
      last = text;
      entries = found.entries;
      spare = known;
      layout = next;
      return { entries: found.entries, changed: found.changed };
    },
    forget() {
      entries = undefined;
      layout = undefined;
    },
  };
}

type Found = { readonly entries: readonly Entry[]; readonly changed: readonly number[] };

/** @param next - filled with the layout of `text`. */
function compare(
  text: string,
  last: string,
  entries: readonly Entry[],
  { starts, ends }: Layout,
  next: Layout,
  keep: (entry: Entry, place: number) => Entry,
): Found | 'surprise' | 'too many' {
  const count = entries.length;
  const head = starts[0] ?? 0;
  const tail = last.length - (ends[count - 1] ?? 0);
  const end = text.length - tail;
  if (end < head || text.slice(0, head) !== last.slice(0, head) || text.slice(end) !== last.slice(last.length - tail)) {
    return 'surprise';
  }
  const { starts: newStarts, ends: newEnds } = next;
  const changed: number[] = [];
  let fresh: Entry[] | undefined;
  /** Characters of what changed. */
  let parsed = 0;
  let at = head;
  let stop = head;

  for (let index = 0, size = largestBlock; index < count; ) {
    const until = Math.min(count, index + size);
    const from = starts[index] ?? 0;
    const to = ends[until - 1] ?? 0;
    const shift = at - from;
    stop = to + shift;
    // The same text, with what separates its entries, and a separator or the end behind it.
    if (isBoundary(text, stop, end) && text.slice(at, stop) === last.slice(from, to)) {
      for (; index < until; index++) {
        newStarts[index] = (starts[index] ?? 0) + shift;
        newEnds[index] = (ends[index] ?? 0) + shift;
      }
    } else if (size > 1) {
      size /= blockRatio;
      continue;
    } else {
      stop = endOfObject(text, at, end);
      if (!isBoundary(text, stop, end)) {
        return 'surprise';
      }
      const before = parsed;
      parsed += stop - at;
      // Each of many may be small: without this they would be parsed whatever they hold together.
      if (before <= worthLooking && parsed > worthLooking && !isParsable(text)) {
        return 'surprise';
      }
      const entry = parseEntry(text.slice(at, stop));
      if (entry === undefined) {
        return 'surprise';
      }
      fresh ??= [...entries];
      fresh[index] = keep(entry, index);
      changed.push(index);
      if (changed.length > count * worthwhile) {
        return 'too many';
      }
      newStarts[index] = at;
      newEnds[index] = stop;
      index++;
    }
    at = skipSpace(text, stop + 1);
    size = largestBlockAt(index);
  }
  // Behind the last entry stands the tail, and nothing else.
  return stop === end ? { entries: fresh ?? entries, changed } : 'surprise';
}

/** Blocks begin at multiples of their size: after one that differs come its parts. */
function largestBlockAt(index: number): number {
  let size = largestBlock;
  while (index % size !== 0) {
    size /= blockRatio;
  }
  return size;
}

/** Whether an entry may end at `at`: a comma leads to the next, or the list ends there. */
function isBoundary(text: string, at: number, end: number): boolean {
  return at === end || (at >= 0 && at < end && text.charCodeAt(at) === comma);
}

const [comma, quote, backslash, openBrace, closeBrace, openBracket, closeBracket] = Array.from(',"\\{}[]', (character) => character.charCodeAt(0)) as [
  number, number, number, number, number, number, number,
];

/** Where the object that begins at `at` ends; -1 where there is none. */
function endOfObject(text: string, at: number, end: number): number {
  return text.charCodeAt(at) === openBrace ? endOfContainer(text, at, end) : -1;
}

/** The same for an object or a list, by its brackets; what lies between is for JSON.parse to judge. */
function endOfContainer(text: string, at: number, end: number): number {
  let depth = 0;
  for (let index = at; index < end; index++) {
    const code = text.charCodeAt(index);
    if (code === quote) {
      index = endOfString(text, index);
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

function parseEntry(text: string): Entry | undefined {
  try {
    const entry: unknown = JSON.parse(text);
    return isRecord(entry) ? entry : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The layout of `data.statistics` in a text that JSON.parse took: found by following its members, and given up where
 * anything could make it another list than the one JSON.parse gave: a key twice, a key with an escape, an entry that is no
 * object, white space before a comma.
 */
function layoutOf(text: string, count: number): Layout | undefined {
  const layout = emptyLayout(count);
  const entries: Reader = (at) => layOut(text, at, layout);
  const data: Reader = (at) => followed(text, at, 'statistics', entries);
  return count > 0 && followed(text, skipSpace(text, 0), 'data', data) !== undefined ? layout : undefined;
}

/** Reads the value that begins at a place, and tells where it ends; `undefined` where it is not what it should be. */
type Reader = (at: number) => number | undefined;

/** Follows the object at `at` to its end, with a reader of its own for the value of one key, which must stand there just once, plainly. */
function followed(text: string, at: number, key: string, read: Reader): number | undefined {
  if (text.charCodeAt(at) !== openBrace) {
    return undefined;
  }
  let found = false;
  let index = skipSpace(text, at + 1);
  while (text.charCodeAt(index) === quote) {
    const stop = endOfString(text, index);
    const name = text.slice(index + 1, stop);
    const value = skipSpace(text, skipSpace(text, stop + 1) + 1);
    const end = name === key ? read(value) : endOfValue(text, value);
    if (name.includes('\\') || end === undefined || (name === key && found)) {
      return undefined;
    }
    found ||= name === key;
    const next = skipSpace(text, end);
    index = text.charCodeAt(next) === comma ? skipSpace(text, next + 1) : next;
  }
  return found ? index + 1 : undefined;
}

/** Fills the layout with the entries of the list at `at`, of which there must be as many. */
function layOut(text: string, at: number, { starts, ends }: Layout): number | undefined {
  if (text.charCodeAt(at) !== openBracket) {
    return undefined;
  }
  let start = skipSpace(text, at + 1);
  let closing = -1;
  for (let index = 0; index < starts.length; index++) {
    const stop = endOfObject(text, start, text.length);
    const isLast = index === starts.length - 1;
    closing = isLast ? skipSpace(text, stop) : stop;
    if (text.charCodeAt(closing) !== (isLast ? closeBracket : comma)) {
      return undefined;
    }
    starts[index] = start;
    ends[index] = stop;
    start = skipSpace(text, stop + 1);
  }
  return closing + 1;
}

function endOfValue(text: string, at: number): number {
  const code = text.charCodeAt(at);
  if (code === quote) {
    return endOfString(text, at) + 1;
  }
  if (code === openBrace || code === openBracket) {
    const stop = endOfContainer(text, at, text.length);
    return stop < 0 ? text.length : stop;
  }
  const rest = /[,}\]\s]/g;
  rest.lastIndex = at;
  return rest.exec(text)?.index ?? text.length;
}

/** The place of the quote that ends the string which begins at `at`; the text's end where none does. */
function endOfString(text: string, at: number): number {
  for (let index = at + 1; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === backslash) {
      index++;
    } else if (code === quote) {
      return index;
    }
  }
  return text.length;
}

/** What JSON takes for white space, and no more: a text between entries must be one that JSON.parse would take. */
function skipSpace(text: string, at: number): number {
  let index = at;
  for (let code = text.charCodeAt(index); code === 32 || code === 10 || code === 13 || code === 9; code = text.charCodeAt(index)) {
    index++;
  }
  return index;
}
