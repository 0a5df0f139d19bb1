/** Which statistics to ask for by their ids, where that is cheaper than to be answered with all. Pure. */
import type { Ids } from './ids.js';

/** Characters of ids in a query: what any proxy lets through, with the path before it. */
const mostText = 1800;
/** What the server made up may not fit in a list that is joined by commas. */
const unaskable = /^$|[,\p{Surrogate}]/u;

/**
 * @param indices - those that somebody waits for, where most are waited for by nobody; `undefined`: all.
 * @returns those to name in the query; `undefined`: none, so that all are answered.
 */
export function narrowed(indices: readonly number[] | undefined, ids: Pick<Ids, 'of'>): readonly number[] | undefined {
  let text = 0;
  for (const index of indices ?? []) {
    const id = ids.of(index);
    text += id.length + 1;
    if (text > mostText || unaskable.test(id)) {
      return undefined;
    }
  }
  return indices;
}
