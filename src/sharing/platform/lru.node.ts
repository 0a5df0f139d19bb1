/** With `lru-cache`. Same exports as `lru.browser`. */
import { LRUCache } from 'lru-cache';
import type { LruMap } from '../lru.js';

/**
 * @param most - the most entries: 1 or more.
 * @param evicted - called with each value that is forgotten because there was one entry too many.
 */
export function createLruMap<K extends string | symbol, V extends object | true>(most: number, evicted?: (value: V) => void): LruMap<K, V> {
  return new LRUCache<K, V>({
    max: most,
    // Not `dispose`, which is called in the midst of a change: an `evicted` that deletes an entry would corrupt the cache.
    disposeAfter(value, _, reason) {
      if (reason === 'evict') {
        evicted?.(value);
      }
    },
  });
}
