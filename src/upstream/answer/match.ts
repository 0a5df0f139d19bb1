/**
 * Matches the statistics of an answer with definitions: by id, else by name and object, else by object alone for an inline
 * definition, since some servers ignore the ids they are sent. Owns the ids that servers make up, which it learns.
 */
import { keyOf, type Definition } from '../../model/definition.js';
import { requireShallow } from '../../model/freeze.js';
import { StatisticsNetworkError } from '../../model/errors.js';
import type { Reading } from '../../model/reading.js';
import { textOf, type Entry } from '../../wire/envelope.js';
import type { Ids } from './ids.js';

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
  /** Whether every definition has been seen by its id, so that answers need not name them. */
  seenAll(): boolean;
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
  /** Built on demand, for entries without a known id. */
  let byObject: Map<string, number[]> | undefined;
  /** How many definitions have not been seen by an id yet. */
  let unseen = definitions.filter((definition) => definition !== undefined).length;
  const seen = new Uint8Array(definitions.length);
  /** The last match: its entries, the index that each belongs to, and the readings. */
  let last: readonly Entry[] = [];
  let owners: (number | undefined)[] = [];
  let readings: readonly (Reading | undefined)[] = [];

  function see(index: number): number {
    unseen -= seen[index] === 0 ? 1 : 0;
    seen[index] = 1;
    return index;
  }

  function ownerOf(entry: Entry, taken: readonly unknown[]): number | undefined {
    const id = textOf(entry['statisticId']);
    const index = id === undefined ? undefined : (ids.indexOf(id) ?? learned.get(id));
    return index === undefined ? ownerByObject(entry, id, taken) : see(index);
  }

  function ownerByObject(entry: Entry, id: string | undefined, taken: readonly unknown[]): number | undefined {
    const places = (byObject ??= placesOf(definitions));
    const [objectId, objectType] = [textOf(entry['objectId']), textOf(entry['objectType'])];
    const free = (name: string | undefined): number | undefined =>
      places.get(keyOf(name ?? null, objectId, objectType))?.find((candidate) => taken[candidate] === undefined);
    const found = free(textOf(entry['name'])) ?? free(undefined);
    if (found !== undefined && id !== undefined && id.length <= longestId) {
      learn(id, found);
    }
    return found;
  }

  /** Remembers only so many ids: a server may make up new ones for every answer. */
  function learn(id: string, index: number): void {
    learned.set(id, index);
    learnedIds[index] = id;
    if (learned.size > idsPerDefinition * definitions.length) {
      learned.delete(learned.keys().next().value ?? '');
    }
    see(index);
  }

  function matchAll(entries: readonly Entry[]): Matched {
    const found = new Array<Reading | undefined>(definitions.length).fill(undefined);
    const next = new Array<number | undefined>(entries.length).fill(undefined);
    for (let place = 0; place < entries.length; place++) {
      const entry = entries[place] as Entry;
      requireUsable(entry);
      // Servers keep their order: an entry with the id of the last one at this place belongs to the same definition.
      const index = isSameStatistic(entry, last[place]) ? owners[place] : ownerOf(entry, found);
      if (index !== undefined && definitions[index] !== undefined && found[index] === undefined) {
        next[place] = index;
        found[index] = entry;
      }
    }
    if (byObject !== undefined && unseen === 0 && !definitions.includes(undefined)) {
      // Hardly needed again. Kept after a definition was given up, since its name must not pass for nobody's.
      byObject = undefined;
    }
    owners = next;
    last = entries;
    readings = found;
    return { readings, changed: undefined };
  }

  return {
    match(entries, changed) {
      if (changed?.every((place) => isSameStatistic(entries[place], last[place])) !== true) {
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
    seenAll: () => unseen === 0,
    trimEntry(entry, place) {
      const { statisticId, timestamp, value } = entry;
      if (typeof statisticId !== 'string') {
        return entry;
      }
      const before = last[place]?.['statisticId'];
      if (statisticId === before && owners[place] !== undefined) {
        // The equal string from before, so that nothing of the new text is kept.
        return { statisticId: before, timestamp, value };
      }
      return ids.indexOf(statisticId) === undefined ? entry : { statisticId, timestamp, value };
    },
    of: (index) => learnedIds[index] ?? ids.of(index),
    knowsIds: () => unseen === 0 || learned.size === 0,
  };
}

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

/** The indices of the definitions by name and object; inline ones have no name, and several may share an object. */
function placesOf(definitions: readonly (Definition | undefined)[]): Map<string, number[]> {
  const places = new Map<string, number[]>();
  definitions.forEach((definition, index) => {
    if (definition !== undefined) {
      const { name, key, objectId, objectType } = definition;
      const place = name === undefined ? keyOf(null, objectId, objectType) : key;
      const there = places.get(place);
      if (there === undefined) {
        places.set(place, [index]);
      } else {
        there.push(index);
      }
    }
  });
  return places;
}

/** Whether two entries are about the same statistic, whatever its value. An id decides, if there is one. */
function isSameStatistic(a: Entry | undefined, b: Entry | undefined): boolean {
  if (a === undefined || b === undefined || a['statisticId'] !== b['statisticId']) {
    return false;
  }
  return (
    typeof a['statisticId'] === 'string' ||
    (a['name'] === b['name'] && a['objectId'] === b['objectId'] && a['objectType'] === b['objectType'])
  );
}
