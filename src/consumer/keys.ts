/**
 * The keys by which the rules that keep the newest of each tell items apart. Owns the refusal of items that would
 * replace others unnoticed; knows nothing of what is kept.
 */
import { StatisticsError } from '../index.js';

/** The key of an item. Of items with equal keys only the newest is kept. */
export type Key = string | number | bigint | boolean | symbol | null | undefined;

type KeyOf<T> = (item: T) => Key;

/**
 * The keys of one stream under `'latest'`. A statistic has a key of its own; whatever else the stream carries has one key
 * together, so all of it must be interchangeable: numbers and texts, or snapshots of one set.
 */
export function createStatisticKeys(): KeyOf<unknown> {
  let last: { readonly item: unknown } | undefined;
  return (item) => {
    const key = statisticKey(item);
    if (key === undefined) {
      // Judged by every item, not only by those that wait: it must not depend on how slow the consumer is.
      if (last !== undefined && !isOneStream(last.item, item)) {
        throw new StatisticsError(
          "backPressure 'latest' cannot tell this item from those of another source, which it would replace: " +
            'name what it is of by { latestBy: (item) => key }, or keep every item by { buffer: n } or \'all\'',
        );
      }
      last = { item };
    }
    return key;
  };
}

/** The keys that the program's own function gives. */
export function createOwnKeys<T>(latestBy: (item: T) => unknown): KeyOf<T> {
  return (item) => {
    const key = latestBy(item);
    if ((typeof key === 'object' && key !== null) || typeof key === 'function') {
      // Two objects are never the same key: every item would wait, without bounds.
      throw new StatisticsError(`latestBy must return a string, a number or another primitive value, got ${Array.isArray(key) ? 'an array' : typeof key === 'function' ? 'a function' : 'an object'}`);
    }
    return key as Key;
  };
}

/** Equal for two values of one statistic; `undefined` for whatever does not look like a `StatisticValue`. */
function statisticKey(item: unknown): string | undefined {
  if (!isStatistic(item)) {
    return undefined;
  }
  const { name, statisticId, objectId, objectType } = item;
  return JSON.stringify([name === undefined, name ?? statisticId, objectId, objectType]);
}

type Fields = Readonly<Record<string, unknown>>;

function isStatistic(item: unknown): item is Fields {
  if (!isObject(item) || !('value' in item)) {
    return false;
  }
  const { name, statisticId, objectId, objectType } = item;
  return typeof (name === undefined ? statisticId : name) === 'string' && typeof objectId === 'string' && typeof objectType === 'string';
}

/** Whether two items that are no statistics can only be an older and a newer state of the same. */
function isOneStream(a: unknown, b: unknown): boolean {
  if (isObject(a) && isObject(b)) {
    const fields = Object.keys(a);
    return fields.length > 0 && fields.length === Object.keys(b).length && fields.every((field) => isSameMember(a[field], b[field]));
  }
  return !isObject(a) && !isObject(b);
}

/** By name only: a re-opened subscription gives its inline definitions other ids. */
function isSameMember(a: unknown, b: unknown): boolean {
  return isStatistic(a) && isStatistic(b) && a['name'] !== undefined && (['name', 'objectId', 'objectType'] as const).every((field) => a[field] === b[field]);
}

function isObject(item: unknown): item is Fields {
  return (typeof item === 'object' && item !== null) || typeof item === 'function';
}
