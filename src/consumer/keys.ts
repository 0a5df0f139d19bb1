/**
 * The keys of items under `'latest'` and `latestBy`: of equal keys, only the newest item is kept. Owns the refusal of items that
 * would replace unrelated ones unnoticed. Knows nothing of the queue.
 */
import { StatisticsError } from '../index.js';

/** The key of an item. Of items with equal keys only the newest is kept. */
export type Key = string | number | bigint | boolean | symbol | null | undefined;

type KeyOf<T> = (item: T) => Key;

/**
 * The keys of one stream under `'latest'`. Each statistic has its own key. All other items share one key, so they must be
 * interchangeable: numbers and texts, or snapshots of one set.
 */
export function createStatisticKeys(): KeyOf<unknown> {
  let last: { readonly item: unknown } | undefined;
  return (item) => {
    const key = statisticKey(item);
    if (key === undefined) {
      // Check every item, even if no other one waits, so that the error does not depend on the speed of the consumer.
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

/** The keys that the program's own function returns. */
export function createOwnKeys<T>(latestBy: (item: T) => unknown): KeyOf<T> {
  return (item) => {
    const key = latestBy(item);
    if ((typeof key === 'object' && key !== null) || typeof key === 'function') {
      // Objects are never equal as keys, so every item would be kept and memory would grow without bounds.
      throw new StatisticsError(`latestBy must return a string, a number or another primitive value, got ${Array.isArray(key) ? 'an array' : typeof key === 'function' ? 'a function' : 'an object'}`);
    }
    return key as Key;
  };
}

/** The key of a `StatisticValue`, equal for all values of one statistic; `undefined` for any other item. */
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

/** Whether two items, neither of them a statistic, come from the same source, so that the newer one may replace the older. */
function isOneStream(a: unknown, b: unknown): boolean {
  if (isObject(a) && isObject(b)) {
    const fields = Object.keys(a);
    return fields.length > 0 && fields.length === Object.keys(b).length && fields.every((field) => isSameMember(a[field], b[field]));
  }
  return !isObject(a) && !isObject(b);
}

/** Compares names only, because inline definitions get other ids when a subscription is opened again. */
function isSameMember(a: unknown, b: unknown): boolean {
  return isStatistic(a) && isStatistic(b) && a['name'] !== undefined && (['name', 'objectId', 'objectType'] as const).every((field) => a[field] === b[field]);
}

function isObject(item: unknown): item is Fields {
  return (typeof item === 'object' && item !== null) || typeof item === 'function';
}
