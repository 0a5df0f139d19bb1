/**
 * Matches the statistics of an answer with definitions: by id, else by name and object, else by object alone for an inline
 * definition, since some servers ignore the ids they are sent. What an entry says of itself counts for more than an id that
 * the server made up. Owns those ids, which it learns, and forgets once several definitions have had the same.
 */
import type { Definition } from '../../model/definition.js';
import { requireShallow } from '../../model/freeze.js';
import { StatisticsNetworkError } from '../../model/errors.js';
import { isOlder, type Reading } from '../../model/reading.js';
import { idOf, isRounded, type Entry } from '../../wire/envelope.js';
import type { Ids } from './ids.js';
import { contradicts, createNames, type Names } from './names.js';

export interface Matched {
  /** By the index of their definition, without entries that match none. Never changed afterwards. */
  readonly readings: readonly (Reading | undefined)[];
  /** The indices whose readings can differ from the last match; `undefined`: all can. */
  readonly changed: readonly number[] | undefined;
}

export interface Matcher {
  /**
   * @param changed - the places of the entries that differ from the last match; `undefined`: any may differ.
   * @throws StatisticsNetworkError when a value nests too deeply to be shown to an observer.
   */
  match(entries: readonly Entry[], changed?: readonly number[]): Matched;
  /** Whether every definition has been seen by an id of its own, so that answers need not name them. */
  seenAll(): boolean;
  /** Whether all of these have ids that were sent with this opening, so that they are of no other subscription. */
  isOwn(entries: readonly Entry[]): boolean;
  /** The part of the entry at a place that is still needed: most entries are matched by id, so their long names can go. */
  trimEntry(entry: Entry, place: number): Entry;
  /** The server's id for a definition: one that it made up, else the one it was sent. */
  of(index: number): string;
  /** Whether that is known for all: a server with ids of its own would answer nothing to the ids it was sent. */
  knowsIds(): boolean;
}

/**
 * @param definitions - `undefined` for those that are no longer requested.
 * @param ids - the ids that they were opened with.
 */
export function createMatcher(definitions: readonly (Definition | undefined)[], ids: Ids): Matcher {
  /** The ids that the server made up, and the latest of them by the index of its definition. */
  const learned = new Map<string, number>();
  const learnedIds: (string | undefined)[] = [];
  /** Ids that entries of several definitions have had: they say nothing. */
  const ambiguous = new Set<string>();
  const mostIds = idsPerDefinition * definitions.length;
  /** Built on demand, for entries without a known id, and to check what entries say of themselves. */
  let names: Names | undefined;
  /** How many definitions have not been seen by an id yet. */
  let unseen = definitions.filter((definition) => definition !== undefined).length;
  const seen = new Uint8Array(definitions.length);
  /** The last match: its entries, the index that each belongs to, and the readings. */
  let last: readonly Entry[] = [];
  let owners: (number | undefined)[] = [];
  let readings: readonly (Reading | undefined)[] = [];
  /** Ids do not tell what an entry is about: one that was sent has come back with another name, or they are rounded numbers. */
  let needsNames = false;
  /** Several entries of the last match were about the same definition. */
  let repeats = false;

  const namesNow = (): Names => (names ??= createNames(definitions));
  const byName = (entry: Entry, taken: readonly unknown[]): number | undefined => namesNow().find(entry, taken);

  function see(index: number, by: number, is = true): void {
    const before = seen[index] ?? 0;
    const now = is ? before | by : before & ~by;
    unseen += (before === 0 ? 0 : 1) - (now === 0 ? 0 : 1);
    seen[index] = now;
  }

  function ownerOf(entry: Entry, taken: readonly unknown[]): number | undefined {
    const id = idOf(entry['statisticId']);
    needsNames ||= isRounded(entry['statisticId']);
    const sent = id === undefined ? undefined : ids.indexOf(id);
    if (id === undefined || ambiguous.has(id)) {
      return byName(entry, taken);
    }
    const index = sent ?? learned.get(id);
    if (index === undefined) {
      const found = byName(entry, taken);
      learn(id, found);
      return found;
    }
    const isContradicted = contradicts(entry, definitions[index]);
    if (sent !== undefined && isContradicted) {
      const named = namesNow().named(entry);
      if (named !== undefined) {
        needsNames = true;
        return named;
      }
      // The server writes names its own way, but repeats an id that only this definition was sent.
    }
    if (sent === undefined && (isContradicted || taken[index] !== undefined)) {
      const found = byName(entry, taken);
      if (found === undefined ? isContradicted : found !== index) {
        distrust(id, index);
        return found;
      }
    }
    see(index, sent === undefined ? seenBy.learned : seenBy.sent);
    return index;
  }

  /** Remembers only so many ids: a server may make up new ones for every answer. */
  function learn(id: string, index: number | undefined): void {
    if (index !== undefined && id.length <= longestId) {
      learned.set(id, index);
      learnedIds[index] = id;
      dropOldest(learned);
      see(index, seenBy.learned);
    }
  }

  /** Another definition than that of this index has the same id. */
  function distrust(id: string, index: number): void {
    learned.delete(id);
    ambiguous.add(id);
    dropOldest(ambiguous);
    if (learnedIds[index] === id || learnedIds[index] === undefined) {
      learnedIds[index] = undefined;
      see(index, seenBy.learned, false);
    }
  }

  function dropOldest(some: Map<string, unknown> | Set<string>): void {
    if (some.size > mostIds) {
      some.delete(some.keys().next().value ?? '');
    }
  }

  /** Whether an entry, which may have lost its names, belongs where the last one at its place did. */
  function isAsBefore(entry: Entry, place: number): boolean {
    const owner = owners[place];
    return isSameStatistic(entry, last[place]) && !(owner !== undefined && contradicts(entry, definitions[owner]));
  }

  function matchAll(entries: readonly Entry[]): Matched {
    const found = new Array<Reading | undefined>(definitions.length).fill(undefined);
    const next = new Array<number | undefined>(entries.length).fill(undefined);
    repeats = false;
    for (let place = 0; place < entries.length; place++) {
      const entry = entries[place] as Entry;
      requireUsable(entry);
      // Servers keep their order: an entry with the id of the last one at this place belongs to the same definition.
      const index = isAsBefore(entry, place) ? owners[place] : ownerOf(entry, found);
      if (index !== undefined && definitions[index] !== undefined) {
        const other = found[index];
        repeats ||= other !== undefined;
        next[place] = index;
        found[index] = other !== undefined && !isOlder(other, entry) ? other : entry;
      }
    }
    if (unseen === 0 && !needsNames && !definitions.includes(undefined)) {
      // Hardly needed again. Kept after a definition was given up, since its name must not pass for nobody's.
      names = undefined;
    }
    owners = next;
    last = entries;
    readings = found;
    return { readings, changed: undefined };
  }

  return {
    match(entries, changed) {
      if (repeats || changed?.every((place) => isAsBefore(entries[place] as Entry, place)) !== true) {
        return matchAll(entries);
      }
      const next = changed.length === 0 ? readings : [...readings];
      const indices: number[] = [];
      for (const place of changed) {
        const index = owners[place];
        const entry = entries[place];
        if (index !== undefined && entry !== undefined) {
          requireUsable(entry);
          (next as (Reading | undefined)[])[index] = entry;
          indices.push(index);
        }
      }
      last = entries;
      readings = next;
      return { readings, changed: indices };
    },
    seenAll: () => unseen === 0 && !needsNames,
    isOwn: (entries) => entries.length > 0 && entries.every((entry) => ids.indexOf(idOf(entry['statisticId']) ?? '') !== undefined),
    trimEntry(entry, place) {
      const { statisticId, timestamp, value } = entry;
      if (typeof statisticId !== 'string' || ambiguous.has(statisticId)) {
        return entry;
      }
      const before = last[place]?.['statisticId'];
      const owner = statisticId === before ? owners[place] : ids.indexOf(statisticId);
      if (owner === undefined || contradicts(entry, definitions[owner])) {
        return entry;
      }
      // Where it is the equal string from before, nothing of the new text is kept.
      return { statisticId: statisticId === before ? before : statisticId, timestamp, value };
    },
    of: (index) => learnedIds[index] ?? ids.of(index),
    knowsIds: () => !needsNames && (unseen === 0 || (learned.size === 0 && ambiguous.size === 0)),
  };
}

/** Bits: by which id a definition has been seen. */
const seenBy = { sent: 1, learned: 2 } as const;
/** A server usually makes up one id per definition, and two servers behind one balancer make up two. */
const idsPerDefinition = 4;
/** Ours have twelve characters. A longer one is not remembered, so its statistic is matched by name each time. */
const longestId = 512;

function requireUsable({ value }: Entry): void {
  try {
    requireShallow(value);
  } catch (cause) {
    throw new StatisticsNetworkError('a value of the answer nests too deeply', 'unreadable', { cause });
  }
}

/** Whether two entries are about the same statistic, whatever its value. An id decides, if there is one. */
function isSameStatistic(a: Entry, b: Entry | undefined): boolean {
  if (b === undefined || a['statisticId'] !== b['statisticId'] || isRounded(a['statisticId'])) {
    return false;
  }
  return (
    typeof a['statisticId'] === 'string' ||
    (a['name'] === b['name'] && a['objectId'] === b['objectId'] && a['objectType'] === b['objectType'])
  );
}
