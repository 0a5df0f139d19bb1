/** Records with keys that a program chose. Owns that such a key is always a property of the record's own. */

/**
 * The values under their keys, each in the place of its key. `Object.fromEntries` says the same and takes five times as long,
 * which counts: there is a record for every answer and every figure.
 */
export function recordOf<T>(keys: readonly string[], values: readonly T[]): Record<string, T> {
  const record: Record<string, T> = {};
  for (let index = 0; index < keys.length; index++) {
    const [key, value] = [keys[index] as string, values[index] as T];
    if (key in record) {
      // Assigning to `__proto__` would define nothing.
      Object.defineProperty(record, key, { value, enumerable: true, configurable: true, writable: true });
    } else {
      record[key] = value;
    }
  }
  return record;
}
