/**
 * Reads an answer by comparing its bytes with the last answer's: equal bytes mean an equal value, so they are neither
 * decoded nor parsed. Owns the last answer and the layout of its entries. Knows nothing of definitions and values.
 *
 * The comparison is exact. The bytes before and after the list of entries must equal the last answer's. Each entry of the
 * list either equals the last one at its place or parses as one object. Any other answer is parsed as a whole.
 */
import { areSame, decodeUtf8, partsOf, nudgeScavenger } from '#bytes';
import type { Body } from '../../wire/body.js';
import { isParsable, worthLooking } from '../../wire/bounds.js';
import { isRecord, type Entry } from '../../wire/envelope.js';
import { emptyLayout, endOfObject, isBoundary, layoutOf, skipSpace, type Layout } from './layout.js';

export interface Compared {
  /** All entries of the answer in its order. An unchanged entry is the same object as in the last answer. */
  readonly entries: readonly Entry[];
  /** The places of the changed entries; `undefined`: any may have changed. */
  readonly changed: readonly number[] | undefined;
}

export interface Comparer {
  /**
   * Reads an answer.
   *
   * @param body - the comparer keeps it, and releases it after reading the next one.
   * @param parse - parses the whole answer. Returns its entries, or `undefined` if the answer holds no list. May throw.
   */
  read(body: Body, parse: () => readonly Entry[] | undefined): Compared | undefined;
  /** Discards the last answer, because the caller could not use it. The next one is parsed as a whole. */
  forget(): void;
}

/** Entries are compared in blocks of this size; if a block differs, in quarters of it, and then one by one. */
const largestBlock = 16;
const blockRatio = 4;
/** If more than this share of the entries has changed, parsing the whole answer is faster than comparing entries. */
const worthwhile = 0.5;
/** Number of answers that are parsed as a whole after too many entries had changed. Doubles each time, up to `longestPause`. */
const shortestPause = 16;
const longestPause = 256;

/** @param keep - returns the part of an entry to keep. Parts of different entries must differ. */
export function createComparer(keep: (entry: Entry, place: number) => Entry): Comparer {
  let last: Body | undefined;
  let entries: readonly Entry[] | undefined;
  let layout: Layout | undefined;
  /** The layout of the answer before the last one. Its arrays are reused. */
  let spare: Layout | undefined;
  let pause = 0;
  let nextPause = shortestPause;

  function keepBody(body: Body): void {
    last?.release();
    last = body;
  }

  function readWhole(body: Body, parse: () => readonly Entry[] | undefined): Compared | undefined {
    entries = parse()?.map(keep);
    layout = pause > 0 || entries === undefined ? undefined : layoutOf(body.bytes, entries.length);
    pause = Math.max(0, pause - 1);
    keepBody(body);
    return entries === undefined ? undefined : { entries, changed: undefined };
  }

  return {
    read(body, parse) {
      if (entries === undefined || last === undefined) {
        return readWhole(body, parse);
      }
      const { bytes } = body;
      if (bytes.length === last.bytes.length && areSame(bytes, 0, last.bytes, 0, bytes.length)) {
        keepBody(body);
        nudgeScavenger(bytes.length, 0);
        return { entries, changed: [] };
      }
      const known = layout;
      if (known === undefined) {
        return readWhole(body, parse);
      }
      const next = spare?.starts.length === entries.length ? spare : emptyLayout(entries.length);
      const found = compare(bytes, last.bytes, entries, known, next, keep);
      if (found === 'too many') {
        pause = nextPause;
        nextPause = Math.min(2 * nextPause, longestPause);
      }
      if (typeof found === 'string') {
        return readWhole(body, parse);
      }
      keepBody(body);
      entries = found.entries;
      spare = known;
      layout = next;
      nextPause = shortestPause;
      nudgeScavenger(bytes.length, found.parsed);
      return { entries: found.entries, changed: found.changed };
    },
    forget() {
      entries = undefined;
      layout = undefined;
    },
  };
}

interface Found {
  readonly entries: readonly Entry[];
  readonly changed: readonly number[];
  /** Number of bytes that were parsed. */
  readonly parsed: number;
}

/** @param next - receives the layout of `bytes`. */
function compare(
  bytes: Uint8Array,
  last: Uint8Array,
  entries: readonly Entry[],
  { starts, ends }: Layout,
  next: Layout,
  keep: (entry: Entry, place: number) => Entry,
): Found | 'surprise' | 'too many' {
  const count = entries.length;
  const head = starts[0] ?? 0;
  const tail = last.length - (ends[count - 1] ?? 0);
  const end = bytes.length - tail;
  if (end < head || !areSame(bytes, 0, last, 0, head) || !areSame(bytes, end, last, last.length - tail, tail)) {
    return 'surprise';
  }
  const { starts: newStarts, ends: newEnds } = next;
  const changed: number[] = [];
  const part = partsOf(bytes);
  let fresh: Entry[] | undefined;
  let parsed = 0;
  let mayParse: boolean | undefined;
  let at = head;
  let stop = head;

  /** Parses the bytes from `from` to `to`; `undefined` unless they are one object that a separator or the end follows. */
  function entryAt(from: number, to: number): Entry | undefined {
    if (!isBoundary(bytes, to, end)) {
      return undefined;
    }
    parsed += to - from;
    // Each entry may be small, and yet all of them together may hold too much structure to parse.
    if (parsed > worthLooking && !(mayParse ??= isParsableUtf8(bytes))) {
      return undefined;
    }
    return parseEntry(part, from, to);
  }

  for (let index = 0, size = largestBlock; index < count; ) {
    const until = Math.min(count, index + size);
    const from = starts[index] ?? 0;
    const to = ends[until - 1] ?? 0;
    const shift = at - from;
    stop = to + shift;
    // The block is unchanged if its bytes are equal, separators included, and a separator or the end of the list follows it.
    if (isBoundary(bytes, stop, end) && areSame(bytes, at, last, from, to - from)) {
      for (; index < until; index++) {
        newStarts[index] = (starts[index] ?? 0) + shift;
        newEnds[index] = (ends[index] ?? 0) + shift;
      }
    } else if (size > 1) {
      size /= blockRatio;
      continue;
    } else {
      // Most changed entries keep their length, so the old end is tried first. If no object ends there, the end is searched for.
      let entry = entryAt(at, stop);
      if (entry === undefined) {
        stop = endOfObject(bytes, at, end);
        entry = entryAt(at, stop);
      }
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
    at = skipSpace(bytes, stop + 1);
    size = largestBlockAt(index);
  }
  // Only the tail may follow the last entry.
  return stop === end ? { entries: fresh ?? entries, changed, parsed } : 'surprise';
}

/** The largest block that may begin at this entry. Blocks begin at multiples of their size, so a differing block goes on in smaller ones. */
function largestBlockAt(index: number): number {
  let size = largestBlock;
  while (index % size !== 0) {
    size /= blockRatio;
  }
  return size;
}

/** Whether the bytes are UTF-8 with little enough structure to be parsed. */
function isParsableUtf8(bytes: Uint8Array): boolean {
  try {
    return isParsable(decodeUtf8(bytes));
  } catch {
    return false;
  }
}

function parseEntry(part: ReturnType<typeof partsOf>, from: number, to: number): Entry | undefined {
  try {
    const entry: unknown = JSON.parse(part(from, to));
    return isRecord(entry) ? entry : undefined;
  } catch {
    return undefined;
  }
}
