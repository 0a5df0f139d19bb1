/**
 * Which statistic of an answer belongs to which definition: by its id, else by name and object, else by object alone for
 * an inline definition (some servers ignore the ids they are sent and name nothing). Learns the server's ids as it goes.
 */
import type { Definition } from '../model/definition.js';
import type { StatisticValue } from '../model/statistic.js';
import type { AnsweredStatistic } from '../wire/envelope.js';

export interface Matcher {
  /** The values by the index of their definition; what belongs to none is left out. */
  match(answered: readonly AnsweredStatistic[]): (StatisticValue | undefined)[];
  /** Whether the definition at `index` has been seen by its id, so that answers need not name it. */
  seenById(index: number): boolean;
}

/**
 * @param definitions - `undefined` for those that are not asked for any more.
 * @param idOf - the id that the definition at an index was opened with.
 */
export function createMatcher(definitions: readonly (Definition | undefined)[], idOf: (index: number) => string): Matcher {
  const byId = new Map<string, number>();
  const byObject = new Map<string, number[]>();
  const seen = new Set<number>();
  definitions.forEach((definition, index) => {
    if (definition !== undefined) {
      byId.set(idOf(index), index);
      const place = placeOf(definition.name, definition);
      byObject.set(place, [...(byObject.get(place) ?? []), index]);
    }
  });

  function find(item: AnsweredStatistic, taken: readonly unknown[]): number | undefined {
    const index = item.statisticId === undefined ? undefined : byId.get(item.statisticId);
    if (index !== undefined) {
      seen.add(index);
      return index;
    }
    const free = (name: string | undefined): number | undefined =>
      byObject.get(placeOf(name, item))?.find((candidate) => taken[candidate] === undefined);
    const found = free(item.name) ?? free(undefined);
    if (found !== undefined && item.statisticId !== undefined) {
      byId.set(item.statisticId, found);
      seen.add(found);
    }
    return found;
  }

  return {
    match(answered) {
      const values = new Array<StatisticValue | undefined>(definitions.length).fill(undefined);
      for (const item of answered) {
        const index = find(item, values);
        const definition = index === undefined ? undefined : definitions[index];
        if (index !== undefined && definition !== undefined) {
          values[index] ??= valueOf(definition, item);
        }
      }
      return values;
    },
    seenById: (index) => seen.has(index),
  };
}

function placeOf(name: string | undefined, { objectId, objectType }: { objectId?: string; objectType?: string }): string {
  return JSON.stringify([name ?? null, objectId, objectType]);
}

/** Names and objects are the definition's own, since a poll need not repeat them. */
function valueOf({ name, objectId, objectType }: Definition, { statisticId, timestamp, value }: AnsweredStatistic): StatisticValue {
  return Object.freeze({
    ...(name === undefined ? {} : { name }),
    objectId,
    objectType,
    ...(statisticId === undefined ? {} : { statisticId }),
    timestamp,
    value,
  });
}
