/** Decides which statistics a poll names by id, if this is cheaper than an answer with all of them. Pure. */
import type { Ids } from '../answer/ids.js';

/** The most characters of ids in a query. With the path, any proxy accepts a URL of this length. */
const maxQueryLength = 1800;
/** Matches an id that a comma-separated list cannot hold, which a server may have made up. */
const unlistable = /^$|[,\p{Surrogate}]/u;

/**
 * @param indices - the observed statistics, if most are unobserved; `undefined`: all.
 * @returns the indices to name in the query; `undefined`: name none, so that the answer holds all statistics.
 */
export function narrowed(indices: readonly number[] | undefined, ids: Pick<Ids, 'of'>): readonly number[] | undefined {
  let length = 0;
  for (const index of indices ?? []) {
    const id = ids.of(index);
    length += id.length + 1;
    if (length > maxQueryLength || unlistable.test(id)) {
      return undefined;
    }
  }
  return indices;
}
