/**
 * Reading an answer by comparing it with the last: what is equal needs no parsing, not even to be made a text. Owns the
 * bytes of the last answer and where its statistics begin and end in them; knows nothing of definitions or of what a value
 * means.
 *
 * Exact, not by guess. What stands before the list of statistics must be the last answer's, and so must what stands after
 * it; then each statistic in between is either the same bytes as before, and so the same value, or parses as one object.
 * Whatever does not fit that is parsed as a whole.
 */
import { areSame, decodeUtf8, partsOf, nudgeScavenger } from '#bytes';
import type { Body } from '../../wire/body.js';
import { isParsable, worthLooking } from '../../wire/bounds.js';
import { isRecord, type Entry } from '../../wire/envelope.js';
import { emptyLayout, endOfObject, isBoundary, layoutOf, skipSpace, type Layout } from './layout.js';

export interface Compared {
  /** All entries of the answer in its order; one that did not change is the very object of the last answer. */
  readonly entries: readonly Entry[];
  /** The places of those that did; `undefined` where that is not known: any may have. */
  readonly changed: readonly number[] | undefined;
}

export interface Comparer {
  /**
   * Reads an answer.
   *
   * @param body - the comparer's from then on: released when the next is read.
   * @param parse - reads the whole of it: its entries, or `undefined` where it holds none. May throw.
   */
  read(body: Body, parse: () => readonly Entry[] | undefined): Compared | undefined;
  /** The last answer was not taken after all: the next is compared with nothing. */
  forget(): void;
}

/** So many entries are compared at a time; where they differ, a quarter of them, and then each. */
const largestBlock = 16;
const blockRatio = 4;
/** Comparing pays while less than this share of all changes. */
const worthwhile = 0.5;
/** After it did not pay, so many answers are parsed as a whole before it is tried again; twice as many each further time. */
const shortestPause = 16;
const longestPause = 256;

/** @param keep - what there is to keep of an entry: nothing that differs may look the same for it. */
export function createComparer(keep: (entry: Entry, place: number) => Entry): Comparer {
  let last: Body | undefined;
  let entries: readonly Entry[] | undefined;
  let layout: Layout | undefined;
  /** The one before, to be written over. */
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
  /** Bytes of what changed. */
  readonly parsed: number;
}

/** @param next - filled with the layout of `bytes`. */
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

  /** The one object from `from` to `to`, if a separator or the end is behind it. */
  function entryAt(from: number, to: number): Entry | undefined {
    if (!isBoundary(bytes, to, end)) {
      return undefined;
    }
    parsed += to - from;
    // Each of many may be small: without this they would be parsed whatever they hold together.
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
    // The same, with what separates its entries, and a separator or the end behind it.
    if (isBoundary(bytes, stop, end) && areSame(bytes, at, last, from, to - from)) {
      for (; index < until; index++) {
        newStarts[index] = (starts[index] ?? 0) + shift;
        newEnds[index] = (ends[index] ?? 0) + shift;
      }
    } else if (size > 1) {
      size /= blockRatio;
      continue;
    } else {
      // Most are as long as before. Where that is wrong there is no object, and its end is looked for.
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
  // Behind the last entry stands the tail, and nothing else.
  return stop === end ? { entries: fresh ?? entries, changed, parsed } : 'surprise';
}

/** Blocks begin at multiples of their size: after one that differs come its parts. */
function largestBlockAt(index: number): number {
  let size = largestBlock;
  while (index % size !== 0) {
    size /= blockRatio;
  }
  return size;
}

/** What is no text at all is not parsed either. */
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
