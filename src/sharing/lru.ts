/**
 * A map with a limit: when there is one entry too many, the one that was set longest ago is forgotten. `#lru` is the platform's
 * implementation: `lru-cache`, and in browsers, where that would be a seventh of the whole client, the order of a `Map`.
 */
export interface LruMap<K, V> {
  has(key: K): boolean;
  /** Sets an entry, which is then the last to be forgotten. */
  set(key: K, value: V): void;
  delete(key: K): void;
}
