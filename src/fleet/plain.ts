/**
 * Plain JSON data from the bus: parsed within bounds, frozen, compared. The bus is untrusted input (G19); what is parsed has
 * own properties only, so `__proto__` stays a key.
 */

/** Comparing and printing recurse, so depth needs a bound: that of the client. */
const maxDepth = 64;

/**
 * Parses a text.
 *
 * @returns `undefined` for a text that is too long or no JSON.
 */
export function parse(text: string, mostCharacters: number): unknown {
  if (text.length > mostCharacters) {
    return undefined;
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Freezes plain data to the bottom. `false`, and some of it stays open, when it nests deeper than 64 levels. */
export function freezePlain(data: unknown, depth = 0): boolean {
  if (typeof data !== 'object' || data === null) {
    return true;
  }
  return depth < maxDepth && Object.values(Object.freeze(data)).every((part) => freezePlain(part, depth + 1));
}

/** Deep equality of plain data, whatever the order of keys. */
export function samePlain(a: unknown, b: unknown): boolean {
  if (a === b) {
    return true;
  }
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) {
    return false;
  }
  return JSON.stringify(inOrder(a)) === JSON.stringify(inOrder(b));
}

/** Plain data with the keys of every object in order. */
export function inOrder(data: unknown): unknown {
  if (Array.isArray(data)) {
    return data.map(inOrder);
  }
  return isRecord(data) ? Object.fromEntries(Object.keys(data).sort().map((key) => [key, inOrder(data[key])])) : data;
}

export function isRecord(data: unknown): data is Record<string, unknown> {
  return typeof data === 'object' && data !== null && !Array.isArray(data);
}
