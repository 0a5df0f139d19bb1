/**
 * Freezes trees of plain data deeply (G12). Uses no recursion, because a server may nest data thousands of levels deep.
 * Knows nothing of the data's meaning.
 */

/** The most levels of data. Comparing and printing are recursive, so the depth needs a limit. No known statistic has more than ten levels. */
const maxDepth = 64;

/**
 * Freezes `root` and everything below it.
 *
 * @throws RangeError when `root` nests deeper than 64 levels.
 */
export function freezeDeep<T>(root: T): T {
  if (isObject(root) && isFlat(root)) {
    return Object.freeze(root);
  }
  descend(root, Object.isFrozen, Object.freeze);
  return root;
}

/**
 * Requires that `root` can be frozen, without changing it.
 *
 * @throws RangeError when `root` nests deeper than 64 levels.
 */
export function requireShallow(root: unknown): void {
  if (isObject(root) && !isFlat(root)) {
    descend(root, isNothing, isNothing);
  }
}

const isNothing = (): boolean => false;

/** Whether a node contains no objects, which is true of most values. `for`-`in` avoids an allocation. */
function isFlat(node: object): boolean {
  for (const key in node) {
    if (isObject((node as Record<string, unknown>)[key])) {
      return false;
    }
  }
  return true;
}

/** Visits every object, level by level. Skips each object for which `isDone` is true, with everything below it. */
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
