/**
 * Which statistic of an answer belongs to which definition: by its id, else by name and object, else by object alone for
 * an inline definition (some servers ignore the ids they are sent and name nothing). Learns the server's ids as it goes.
 */
import type { Definition } from '../model/definition.js';
import type { StatisticValue } from '../model/statistic.js';
import { readContent, textOf, type Entry } from '../wire/envelope.js';

export interface Matched {
  /** By the index of their definition; what belongs to none is left out. Never changed afterwards. */
  readonly values: readonly (StatisticValue | undefined)[];
  /** The indices that can differ from the last match; `undefined`: all can. */
  readonly changed: readonly number[] | undefined;
}

export interface Matcher {
  /** @param changed - the places of the entries that differ from the last match, whose others are the same; `undefined`: any can. */
  match(entries: readonly Entry[], changed?: readonly number[]): Matched;
  /** Whether every definition has been seen by its id, so that answers need not name them. */
  seenAll(): boolean;
}

/**
 * @param definitions - `undefined` for those that are not asked for any more.
 * @param idOf - the id that the definition at an index was opened with.
 */
export function createMatcher(definitions: readonly (Definition | undefined)[], idOf: (index: number) => string): Matcher {
  const byId = new Map<string, number>();
  const byObject = new Map<string, number[]>();
  const seen = new Set<number>();
  let all = false;
  /** Of the last match: its entries, which definition each belongs to, and what came of it. */
  let last: readonly Entry[] = [];
  let owners: (number | undefined)[] = [];
  let values: readonly (StatisticValue | undefined)[] = [];
  definitions.forEach((definition, index) => {
    if (definition !== undefined) {
      byId.set(idOf(index), index);
      const place = placeOf(definition.name, definition);
      const there = byObject.get(place);
      if (there === undefined) {
        byObject.set(place, [index]);
      } else {
        there.push(index);
      }
    }
  });

  function ownerOf(entry: Entry, taken: readonly unknown[]): number | undefined {
    const id = textOf(entry['statisticId']);
    const index = id === undefined ? undefined : byId.get(id);
    if (index !== undefined) {
      seen.add(index);
      return index;
    }
    const object = { objectId: textOf(entry['objectId']), objectType: textOf(entry['objectType']) };
    const free = (name: string | undefined): number | undefined =>
      byObject.get(placeOf(name, object))?.find((candidate) => taken[candidate] === undefined);
    const found = free(textOf(entry['name'])) ?? free(undefined);
    if (found !== undefined && id !== undefined) {
      byId.set(id, found);
      seen.add(found);
    }
    return found;
  }

  function matchAll(entries: readonly Entry[]): Matched {
    const found = new Array<StatisticValue | undefined>(definitions.length).fill(undefined);
    owners = entries.map((entry) => {
      const index = ownerOf(entry, found);
      const definition = index === undefined ? undefined : definitions[index];
      if (index === undefined || definition === undefined || found[index] !== undefined) {
        return undefined;
      }
      found[index] = valueOf(definition, entry);
      return index;
    });
    last = entries;
    values = found;
    return { values, changed: undefined };
  }

  return {
    match(entries, changed) {
      if (changed?.every((place) => isSameStatistic(entries[place], last[place])) !== true) {
        return matchAll(entries);
      }
      const next = changed.length === 0 ? values : [...values];
      const indices: number[] = [];
      for (const place of changed) {
        const index = owners[place];
        const definition = index === undefined ? undefined : definitions[index];
        const entry = entries[place];
        if (index !== undefined && definition !== undefined && entry !== undefined) {
          (next as (StatisticValue | undefined)[])[index] = valueOf(definition, entry);
          indices.push(index);
        }
      }
      last = entries;
      values = next;
      return { values, changed: indices };
    },
    seenAll() {
      all ||= definitions.every((definition, index) => definition === undefined || seen.has(index));
      return all;
    },
  };
}

/** Whether two entries are about the same statistic, whatever its value. */
function isSameStatistic(a: Entry | undefined, b: Entry | undefined): boolean {
  return (
    a !== undefined && b !== undefined &&
    a['statisticId'] === b['statisticId'] && a['name'] === b['name'] && a['objectId'] === b['objectId'] && a['objectType'] === b['objectType']
  );
}

function placeOf(name: string | undefined, { objectId, objectType }: { objectId: string | undefined; objectType: string | undefined }): string {
  return JSON.stringify([name ?? null, objectId, objectType]);
}

/** Names and objects are the definition's own, since a poll need not repeat them. */
function valueOf({ name, objectId, objectType }: Definition, entry: Entry): StatisticValue {
  const { timestamp, value } = readContent(entry);
  const statisticId = textOf(entry['statisticId']);
  // Written out, since there is one of these for every value that changes.
  if (statisticId === undefined) {
    return Object.freeze(name === undefined ? { objectId, objectType, timestamp, value } : { name, objectId, objectType, timestamp, value });
  }
  return Object.freeze(
    name === undefined ? { objectId, objectType, statisticId, timestamp, value } : { name, objectId, objectType, statisticId, timestamp, value },
  );
}
