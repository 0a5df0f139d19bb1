/** Records with keys that a program chose. Makes each key an own property, even `__proto__`. */

/**
 * Makes a record from keys and values in the same order. `Object.fromEntries` would take five times as long, and every answer and
 * every figure makes a record.
 */
export function recordOf<T>(keys: readonly string[], values: readonly T[]): Record<string, T> {
  const record: Record<string, T> = {};
  for (let index = 0; index < keys.length; index++) {
    const [key, value] = [keys[index] as string, values[index] as T];
    if (key in record) {
      // An assignment to `__proto__` would not define a property.
      Object.defineProperty(record, key, { value, enumerable: true, configurable: true, writable: true });
    } else {
      record[key] = value;
    }
  }
  return record;
}
