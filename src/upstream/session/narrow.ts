/** Which statistics a poll asks for by their ids, where that is cheaper than an answer with all of them. Pure. */
import type { Ids } from '../answer/ids.js';

/** Characters of ids in a query: any proxy accepts that many, with the path before them. */
const maxQueryLength = 1800;
/** Ids that the server made up may not fit in a list that is joined by commas. */
const unlistable = /^$|[,\p{Surrogate}]/u;

/**
 * @param indices - the statistics that somebody observes, where most are observed by nobody; `undefined`: all.
 * @returns the indices to name in the query; `undefined`: name none, so that the answer holds all.
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
