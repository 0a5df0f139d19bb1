/** The values that a consumer has not taken yet, under one of the back-pressure rules. Knows neither the source nor the consumer. */
import { createOwnKeys, createStatisticKeys, type Key } from './keys.js';

/**
 * The rule for values that arrive faster than the consumer takes them.
 *
 * - `'latest'`: keeps only the newest value of each statistic, at the place of the value that it replaces. Memory stays flat, and no
 *   statistic waits behind one that changes more often. A statistic is identified by its `name` (or `statisticId`, if it has no
 *   name), `objectId` and `objectType`. Of numbers, of texts, and of snapshots of one set of named statistics, only the newest is
 *   kept. A stream of anything else, such as records or merged snapshots, fails with a `StatisticsError` at its second item.
 *   Otherwise one source could replace the values of another for ever.
 * - `{ latestBy: (item) => key }`: keeps only the newest item of each key. The key is a string, a number or another primitive value.
 * - `{ buffer: n }`: keeps the newest `n` values, in order, and drops the oldest to make room. `n` is a whole number, 1 or more.
 * - `'all'`: keeps every value, in order. Memory grows as long as the consumer is slower than the source.
 */
export type BackPressure<T = unknown> =
  | 'latest'
  | 'all'
  | { readonly buffer: number; readonly latestBy?: undefined }
  | {
      /** The key of an item: a newer item replaces the waiting one of the same key. */
      readonly latestBy: (item: T) => Key;
      readonly buffer?: undefined;
    };

/** A queue that holds one item per key. The rule determines the keys and the most items that may wait. */
export class ConsumerQueue<T> {
  readonly #items = new Map<unknown, T>();
  readonly #keyOf: (item: T) => unknown;
  readonly #limit: number;
  // The iterator is kept between calls, because a new one would first step over all deleted items. It misses no item: items leave in
  // its order, and new ones are added at the end.
  #oldest: MapIterator<unknown> | undefined;

  constructor(rule: BackPressure<T>) {
    this.#keyOf = createKeys(rule);
    this.#limit = typeof rule === 'object' ? (rule.buffer ?? Infinity) : Infinity;
  }

  get size(): number {
    return this.#items.size;
  }

  /**
   * Adds an item. Returns the number of items lost by this: replaced, or dropped for lack of room.
   *
   * @throws StatisticsError when the rule cannot tell which items this one may replace. Errors of the program's `latestBy` pass
   * through.
   */
  push(item: T): number {
    const before = this.size;
    // An existing key keeps its place.
    this.#items.set(this.#keyOf(item), item);
    if (this.size > this.#limit) {
      this.shift();
    }
    return before + 1 - this.size;
  }

  /** Removes and returns the oldest item. The queue must not be empty. */
  shift(): T {
    let next = this.#oldest?.next();
    if (next === undefined || next.done === true) {
      this.#oldest = this.#items.keys();
      next = this.#oldest.next();
    }
    const item = this.#items.get(next.value) as T;
    this.#items.delete(next.value);
    return item;
  }

  clear(): void {
    this.#items.clear();
    this.#oldest = undefined;
  }
}

function createKeys<T>(rule: BackPressure<T>): (item: T) => unknown {
  if (rule === 'latest') {
    return createStatisticKeys();
  }
  if (rule !== 'all' && rule.latestBy !== undefined) {
    return createOwnKeys(rule.latestBy);
  }
  let arrivals = 0;
  return () => arrivals++;
}
