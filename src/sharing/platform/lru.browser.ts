/** With the order of a `Map`. Same exports as `lru.node`. */
import type { LruMap } from '../lru.js';

/**
 * @param most - the most entries: 1 or more.
 * @param evicted - called with each value that is forgotten because there was one entry too many.
 */
export function createLruMap<K extends string | symbol, V extends object | true>(most: number, evicted?: (value: V) => void): LruMap<K, V> {
  const entries = new Map<K, V>();
  return {
    has: (key) => entries.has(key),
    set(key, value) {
      entries.delete(key);
      entries.set(key, value);
      const [oldest] = entries;
      if (entries.size > most && oldest !== undefined) {
        entries.delete(oldest[0]);
        evicted?.(oldest[1]);
      }
    },
    delete: (key) => void entries.delete(key),
  };
}
