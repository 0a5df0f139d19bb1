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
  let level = freezeOne(root);
  for (let depth = 1; level !== undefined; depth++) {
    if (depth > maxDepth) {
      throw new RangeError(`data nests deeper than ${maxDepth} levels`);
    }
    const below: object[] = [];
    for (const node of level) {
      below.push(...(freezeOne(node) ?? []));
    }
    level = below.length > 0 ? below : undefined;
  }
  return root;
}

/** Freezes one node; gives its children that are objects, where there are any: most values are flat. */
function freezeOne(node: unknown): object[] | undefined {
  if (typeof node !== 'object' || node === null || Object.isFrozen(node)) {
    return undefined;
  }
  Object.freeze(node);
  let children: object[] | undefined;
  for (const child of Object.values(node) as unknown[]) {
    if (typeof child === 'object' && child !== null) {
      (children ??= []).push(child);
    }
  }
  return children;
}
