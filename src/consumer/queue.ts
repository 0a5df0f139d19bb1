/**
 * The values that a consumer has not taken yet, under one of the back-pressure rules. Must not know who fills it, nor who takes.
 */
import { createOwnKeys, createStatisticKeys, type Key } from './keys.js';

/**
 * The rule for values that arrive faster than the consumer takes them.
 *
 * - `'latest'`: per statistic the newest value alone is kept, in the place of the value it replaces, so that memory
 *   stays flat and no statistic waits behind a livelier one. A statistic is identified by its `name` (by its `statisticId`
 *   where it has no name), `objectId` and `objectType`. Of numbers, texts and snapshots of one set of named statistics
 *   the newest one alone is kept. A stream of anything else, such as records or merged snapshots, fails with a
 *   `StatisticsError` at its second item, since one source could replace the values of another for ever.
 * - `{ latestBy: (item) => key }`: the same for items of any kind, with a key of your own: a string, a number, or any
 *   other primitive value.
 * - `{ buffer: n }`: the newest `n` values, in order; the oldest is dropped for the next. `n` is a whole number from 1.
 * - `'all'`: every value, in order. Memory grows for as long as the consumer is the slower one.
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

/** A queue that holds one item per key; the rule says what the keys are and how many may wait. */
export class ConsumerQueue<T> {
  readonly #items = new Map<unknown, T>();
  readonly #keyOf: (item: T) => unknown;
  readonly #limit: number;
  // Kept between calls: a fresh iterator would walk over all that was deleted before it. Everything still in the map
  // lies ahead of it, because items leave in this order only and come in at the end.
  #oldest: MapIterator<unknown> | undefined;

  constructor(rule: BackPressure<T>) {
    this.#keyOf = createKeys(rule);
    this.#limit = typeof rule === 'object' ? (rule.buffer ?? Infinity) : Infinity;
  }

  get size(): number {
    return this.#items.size;
  }

  /**
   * Takes an item in. Returns how many were lost by that: replaced, or dropped for lack of room.
   *
   * @throws StatisticsError when the rule cannot tell the item from others; and whatever the program's `latestBy` throws.
   */
  push(item: T): number {
    const before = this.size;
    // Setting a key that is there already keeps its place.
    this.#items.set(this.#keyOf(item), item);
    if (this.size > this.#limit) {
      this.shift();
    }
    return before + 1 - this.size;
  }

  /** Takes the oldest; only for a queue that is not empty. */
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
