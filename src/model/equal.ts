/** Deep equality of plain JSON data. The depth of the data must be limited (see `freeze`), because the function is recursive. */
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
  // `for`-`in` allocates nothing. It yields own keys only, because parsed data inherits no enumerable ones.
  for (const key in one) {
    const left = one[key];
    const right = other[key];
    // `hasOwn` excludes inherited properties: otherwise every object would seem to have a `__proto__`.
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
