/**
 * The values that a consumer has not taken yet, under one of the back-pressure rules. Must not know who fills it, nor who takes.
 */

/**
 * What happens to values that come faster than the consumer takes them.
 *
 * - `'latest'`: per statistic the newest value alone is kept, in the place of the value it replaces, so that memory
 *   stays flat and no statistic waits behind a livelier one. A statistic is known by its `name` (by its `statisticId`
 *   where it has no name), `objectId` and `objectType`. Of anything else, such as snapshots and numbers, the newest
 *   one alone is kept.
 * - `{ buffer: n }`: the newest `n` values, in order; the oldest is dropped for the next. `n` is a whole number from 1.
 * - `'all'`: every value, in order. Memory grows for as long as the consumer is the slower one.
 */
export type BackPressure = 'latest' | 'all' | { readonly buffer: number };

/** A queue that holds one item per key; the rule says what the keys are and how many may wait. */
export class ConsumerQueue<T> {
  readonly #items = new Map<unknown, T>();
  readonly #conflates: boolean;
  readonly #limit: number;
  #arrivals = 0;
  // Kept between calls: a fresh iterator would walk over all that was deleted before it. Everything still in the map
  // lies ahead of it, because items leave in this order only and come in at the end.
  #oldest: MapIterator<unknown> | undefined;

  constructor(rule: BackPressure) {
    this.#conflates = rule === 'latest';
    this.#limit = typeof rule === 'object' ? rule.buffer : Infinity;
  }

  get size(): number {
    return this.#items.size;
  }

  push(item: T): void {
    // Setting a key that is there already keeps its place.
    this.#items.set(this.#conflates ? statisticKey(item) : this.#arrivals++, item);
    if (this.size > this.#limit) {
      this.shift();
    }
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

/** Equal for two values of one statistic; `undefined` for whatever does not look like a `StatisticValue`. */
function statisticKey(item: unknown): string | undefined {
  if (typeof item !== 'object' || item === null || !('value' in item)) {
    return undefined;
  }
  const { name, statisticId, objectId, objectType } = item as { readonly [field: string]: unknown };
  const id = name === undefined ? statisticId : name;
  const isStatistic = typeof id === 'string' && typeof objectId === 'string' && typeof objectType === 'string';
  return isStatistic ? JSON.stringify([name === undefined, id, objectId, objectType]) : undefined;
}
