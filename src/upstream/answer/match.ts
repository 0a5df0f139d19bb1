/**
 * Matches the entries of an answer with definitions: by id, else by name and object, else (inline definitions) by object alone.
 * Some servers ignore the ids of a request and make up their own. Names in an entry outweigh a made-up id. Owns the made-up ids:
 * it learns them, and forgets an id once several definitions have had it.
 */
import type { Definition } from '../../model/definition.js';
import { requireShallow } from '../../model/freeze.js';
import { StatisticsNetworkError } from '../../model/errors.js';
import { isOlder, type Reading } from '../../model/reading.js';
import { idOf, isRounded, type Entry } from '../../wire/envelope.js';
import type { Ids } from './ids.js';
import { contradicts, createNames, type Names } from './names.js';

export interface Matched {
  /** One reading per definition, by its index. Entries that match no definition are left out. The array is never modified later. */
  readonly readings: readonly (Reading | undefined)[];
  /** The indices whose readings can differ from those of the last match; `undefined`: all can. */
  readonly changed: readonly number[] | undefined;
}

export interface Matcher {
  /**
   * @param changed - the places of the entries that differ from the last match; `undefined`: any may differ.
   * @throws StatisticsNetworkError when a value nests too deeply to be shown to an observer.
   */
  match(entries: readonly Entry[], changed?: readonly number[]): Matched;
  /** Whether every definition has appeared with an id of its own, so that answers need not include names. */
  seenAll(): boolean;
  /** Whether all entries have ids that were sent with this opening, so that they cannot belong to another subscription. */
  isOwn(entries: readonly Entry[]): boolean;
  /** The part of an entry to keep. Most entries are matched by id, so their long names are dropped to save memory. */
  trimEntry(entry: Entry, place: number): Entry;
  /** The id to use for a definition: the one that the server made up if there is one, else the one that was sent. */
  of(index: number): string;
  /** Whether {@link of} is reliable for all definitions. A server with ids of its own returns nothing for the ids that were sent. */
  knowsIds(): boolean;
}

/**
 * @param definitions - `undefined` in place of each definition that is no longer requested.
 * @param ids - the ids that the definitions were opened with.
 */
export function createMatcher(definitions: readonly (Definition | undefined)[], ids: Ids): Matcher {
  /** `learned`: from a made-up id to the index of its definition. `learnedIds`: from that index to the latest made-up id. */
  const learned = new Map<string, number>();
  const learnedIds: (string | undefined)[] = [];
  /** Ids that entries of several definitions have had, so that they identify nothing. */
  const ambiguous = new Set<string>();
  const mostIds = idsPerDefinition * definitions.length;
  /** Built on demand, for entries without a known id, and for entries whose names contradict their id. */
  let names: Names | undefined;
  /** Number of definitions that have not appeared with an id yet. */
  let unseen = definitions.filter((definition) => definition !== undefined).length;
  const seen = new Uint8Array(definitions.length);
  /** The last match: its entries, the index of each entry's definition, and the readings. */
  let last: readonly Entry[] = [];
  let owners: (number | undefined)[] = [];
  let readings: readonly (Reading | undefined)[] = [];
  /** Whether ids do not identify entries, because a sent id came back with another name, or ids are numbers that lost digits. */
  let needsNames = false;
  /** Whether several entries of the last match belonged to the same definition. */
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
      // No other definition has this name either, so the server only spells names differently, and the sent id decides.
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

  /** Remembers an id that the server made up. Their number is limited, because a server may make up new ids for every answer. */
  function learn(id: string, index: number | undefined): void {
    if (index !== undefined && id.length <= longestId) {
      learned.set(id, index);
      learnedIds[index] = id;
      dropOldest(learned);
      see(index, seenBy.learned);
    }
  }

  /** Stops using an id of this definition, because an entry of another one has had it too. */
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

  /** Whether an entry belongs to the same definition as the last entry at its place. Either of them may lack names. */
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
      // Fast path, because servers keep their order: the same id at the same place means the same definition.
      const index = isAsBefore(entry, place) ? owners[place] : ownerOf(entry, found);
      if (index !== undefined && definitions[index] !== undefined) {
        const other = found[index];
        repeats ||= other !== undefined;
        next[place] = index;
        found[index] = other !== undefined && !isOlder(other, entry) ? other : entry;
      }
    }
    if (unseen === 0 && !needsNames && !definitions.includes(undefined)) {
      // Free the names, which are hardly needed again. Keep them if a definition was dropped, so that its entries are still recognised.
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
      // Reuse the equal string of the last answer, so that the text of the new answer can be garbage-collected.
      return { statisticId: statisticId === before ? before : statisticId, timestamp, value };
    },
    of: (index) => learnedIds[index] ?? ids.of(index),
    knowsIds: () => !needsNames && (unseen === 0 || (learned.size === 0 && ambiguous.size === 0)),
  };
}

/** Bits: the kinds of ids that a definition has appeared with. */
const seenBy = { sent: 1, learned: 2 } as const;
/** A server usually makes up one id per definition, and two servers behind one balancer make up two. */
const idsPerDefinition = 4;
/** A made-up id that is longer is not remembered, so its statistic is matched by name each time. Our own ids have about twelve characters. */
const longestId = 512;

function requireUsable({ value }: Entry): void {
  try {
    requireShallow(value);
  } catch (cause) {
    throw new StatisticsNetworkError('a value of the answer nests too deeply', 'unreadable', { cause });
  }
}

/** Whether two entries are about the same statistic, whatever their values. If they have an id, it decides. */
function isSameStatistic(a: Entry, b: Entry | undefined): boolean {
  if (b === undefined || a['statisticId'] !== b['statisticId'] || isRounded(a['statisticId'])) {
    return false;
  }
  return (
    typeof a['statisticId'] === 'string' ||
    (a['name'] === b['name'] && a['objectId'] === b['objectId'] && a['objectType'] === b['objectType'])
  );
}
