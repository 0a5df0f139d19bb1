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
  if (isObject(root) && isFlat(root)) {
    return Object.freeze(root);
  }
  descend(root, Object.isFrozen, Object.freeze);
  return root;
}

/**
 * Refuses data that could not be frozen, without touching it.
 *
 * @throws RangeError when it nests deeper than 64 levels.
 */
export function requireShallow(root: unknown): void {
  if (isObject(root) && !isFlat(root)) {
    descend(root, isNothing, isNothing);
  }
}

const isNothing = (): boolean => false;

/** Most values are: for-in, which allocates nothing, finds out. */
function isFlat(node: object): boolean {
  for (const key in node) {
    if (isObject((node as Record<string, unknown>)[key])) {
      return false;
    }
  }
  return true;
}

/** PageVisit every object, level by level, but what lies below one that is `done`. */
function descend(root: unknown, isDone: (node: object) => boolean, visit: (node: object) => unknown): void {
  let level: object[] | undefined = isObject(root) ? [root] : undefined;
  for (let depth = 1; level !== undefined; depth++) {
    if (depth > maxDepth) {
      throw new RangeError(`data nests deeper than ${maxDepth} levels`);
    }
    let below: object[] | undefined;
    for (const node of level) {
      if (isDone(node)) {
        continue;
      }
      visit(node);
      for (const child of Object.values(node) as unknown[]) {
        if (isObject(child)) {
          (below ??= []).push(child);
        }
      }
    }
    level = below;
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
