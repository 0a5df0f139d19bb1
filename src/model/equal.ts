/** Whether two pieces of plain JSON data are the same. What an answer may hold is bounded in depth, so this may recurse. */
export function equal(a: unknown, b: unknown): boolean {
  if (a === b) {
    return true;
  }
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null || Array.isArray(a) !== Array.isArray(b)) {
    return false;
  }
  const one = a as Readonly<Record<string, unknown>>;
  const other = b as Readonly<Record<string, unknown>>;
  let keys = 0;
  // Parsed data inherits nothing that is enumerable, so for-in, which allocates nothing, gives its own keys.
  for (const key in one) {
    const left = one[key];
    const right = other[key];
    // Own, or `__proto__` would be found in every object.
    if (left !== right && !(Object.hasOwn(other, key) && equal(left, right))) {
      return false;
    }
    keys++;
  }
  for (const _ in other) {
    keys--;
  }
  return keys === 0;
}
