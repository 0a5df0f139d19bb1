/**
 * Which statistic of an answer belongs to which definition: by its id, else by name and object, else by object alone for
 * an inline definition (some servers ignore the ids they are sent and name nothing). Learns the server's ids as it goes.
 */
import type { Definition } from '../../model/definition.js';
import { requireShallow } from '../../model/freeze.js';
import { StatisticsNetworkError } from '../../model/errors.js';
import type { Reading } from '../../model/reading.js';
import { textOf, type Entry } from '../../wire/envelope.js';
import type { Ids } from './ids.js';

export interface Matched {
  /** By the index of their definition; what belongs to none is left out. Never changed afterwards. */
  readonly readings: readonly (Reading | undefined)[];
  /** The indices that can differ from the last match; `undefined`: all can. */
  readonly changed: readonly number[] | undefined;
}

export interface Matcher {
  /**
   * @param changed - the places of the entries that differ from the last match, whose others are the same; `undefined`: any can.
   * @throws StatisticsNetworkError when a value nests too deeply to be shown to anybody.
   */
  match(entries: readonly Entry[], changed?: readonly number[]): Matched;
  /** Whether every definition has been seen by its id, so that answers need not name them. */
  seenAll(): boolean;
  /** What it takes to match the entry at a place, and to read it: names are long, and most entries go by their id. */
  trimEntry(entry: Entry, place: number): Entry;
  /** The id that the server knows a definition by: its own where it has one, else the one it was sent. */
  of(index: number): string;
  /** Whether that is known of all: one that has ids of its own would answer with nothing to the one it was sent. */
  knowsIds(): boolean;
}

/**
 * @param definitions - `undefined` for those that are not asked for any more.
 * @param ids - those that they were opened with.
 */
export function createMatcher(definitions: readonly (Definition | undefined)[], ids: Ids): Matcher {
  /** Ids of the server's own, where it has others than it was sent. */
  const learned = new Map<string, number>();
  const learnedIds = new Map<number, string>();
  /** For answers that do not repeat the ids they were asked for; most do. */
  let byObject: Map<string, number[]> | undefined;
  /** How many have not been seen by their id so far. */
  let unseen = definitions.filter((definition) => definition !== undefined).length;
  const seen = new Uint8Array(definitions.length);
  /** Of the last match: its entries, which definition each belongs to, and what came of it. */
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
    if (index !== undefined) {
      return see(index);
    }
    const places = (byObject ??= placesOf(definitions));
    const object = { objectId: textOf(entry['objectId']), objectType: textOf(entry['objectType']) };
    const free = (name: string | undefined): number | undefined =>
      places.get(placeOf(name, object))?.find((candidate) => taken[candidate] === undefined);
    const found = free(textOf(entry['name'])) ?? free(undefined);
    if (found !== undefined && id !== undefined && id.length <= longestId) {
      learn(id, found);
    }
    return found;
  }

  /** A server that makes up new ids for every answer must not fill our memory with them. */
  function learn(id: string, index: number): void {
    learned.set(id, index);
    learnedIds.set(index, id);
    if (learned.size > idsPerDefinition * definitions.length) {
      learned.delete(learned.keys().next().value ?? '');
    }
    see(index);
  }

  function matchAll(entries: readonly Entry[]): Matched {
    const found = new Array<Reading | undefined>(definitions.length).fill(undefined);
    const before = owners;
    const next = new Array<number | undefined>(entries.length);
    for (const [place, entry] of entries.entries()) {
      requireUsable(entry);
      // Servers keep their order: where the last answer had the same statistic, it belongs to the same definition.
      const index = isSameStatistic(entry, last[place]) ? before[place] : ownerOf(entry, found);
      const isOurs = index !== undefined && definitions[index] !== undefined && found[index] === undefined;
      next[place] = isOurs ? index : undefined;
      if (isOurs) {
        found[index] = entry;
      }
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
      const before = last[place];
      if (before !== undefined && statisticId === before['statisticId'] && !('objectId' in before) && owners[place] !== undefined) {
        // The id of before once more: of the new text nothing is kept.
        return { statisticId: before['statisticId'], timestamp, value };
      }
      return typeof statisticId === 'string' && ids.indexOf(statisticId) !== undefined ? { statisticId, timestamp, value } : entry;
    },
    of: (index) => learnedIds.get(index) ?? ids.of(index),
    knowsIds: () => unseen === 0 || learned.size === 0,
  };
}

/** One is usual; two nodes with ids of their own would be two. */
const idsPerDefinition = 4;
/** Ours have twelve characters. A longer one of the server's is not remembered: its statistic is told by its name each time. */
const longestId = 512;

function requireUsable({ value }: Entry): void {
  try {
    requireShallow(value);
  } catch (cause) {
    throw new StatisticsNetworkError('a value of the answer nests too deeply', 'unreadable', { cause });
  }
}

function placesOf(definitions: readonly (Definition | undefined)[]): Map<string, number[]> {
  const places = new Map<string, number[]>();
  definitions.forEach((definition, index) => {
    if (definition !== undefined) {
      const place = placeOf(definition.name, definition);
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

/** Whether two entries are about the same statistic, whatever its value. An id that is given tells. */
function isSameStatistic(a: Entry | undefined, b: Entry | undefined): boolean {
  if (a === undefined || b === undefined || a['statisticId'] !== b['statisticId']) {
    return false;
  }
  return (
    typeof a['statisticId'] === 'string' ||
    (a['name'] === b['name'] && a['objectId'] === b['objectId'] && a['objectType'] === b['objectType'])
  );
}

function placeOf(name: string | undefined, { objectId, objectType }: { objectId: string | undefined; objectType: string | undefined }): string {
  return JSON.stringify([name ?? null, objectId, objectType]);
}
