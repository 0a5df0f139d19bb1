/**
 * Freezing a tree of plain data to the bottom (G12), without recursion: a server may nest as deep as a body is long.
 * Knows nothing of what the data means.
 */

/** No statistic known nests deeper than ten levels; comparing and printing recurse, so there has to be a bound. */
const maxDepth = 64;

/**
 * Freezes `root` and everything below it.
 *
 * @throws RangeError when it nests deeper than 64 levels.
 */
export function freezeDeep<T>(root: T): T {
  let level: unknown[] = [root];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > maxDepth) {
      throw new RangeError(`data nests deeper than ${maxDepth} levels`);
    }
    const below: unknown[] = [];
    for (const node of level) {
      if (typeof node === 'object' && node !== null && !Object.isFrozen(node)) {
        Object.freeze(node);
        for (const child of Object.values(node)) {
          if (typeof child === 'object' && child !== null) {
            below.push(child);
          }
        }
      }
    }
    level = below;
  }
  return root;
}
