/** Checks of values from a caller. Owns the error messages. Does not know what a value is for. */

/** The longest delay of a Node timer, in ms. */
export const LONGEST_TIMER = 2 ** 31 - 1;

/** The error for an option: its name, its value and the expectation. */
export function wrong(name: string, value: unknown, expected: string): RangeError {
  const shown = typeof value === 'bigint' || typeof value === 'symbol' || typeof value === 'function' ? String(value) : (JSON.stringify(value) as string | undefined);
  return new RangeError(`${name} must be ${expected}, got ${typeof value === 'number' ? String(value) : (shown ?? 'undefined').slice(0, 200)}`);
}

/** @throws RangeError when `value` is no object, or has an unknown key. */
export function onlyKeys(name: string, value: unknown, known: readonly string[]): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(name, value, `an object with ${known.join(', ')}`);
  const unknown = Object.keys(value).find((key) => !known.includes(key));
  if (unknown !== undefined) throw new RangeError(`${name} has no ${JSON.stringify(unknown.slice(0, 80))}, only ${known.join(', ')}`);
}

/** Reads a number within bounds. It is required if there is no default. */
export function number(name: string, value: unknown, fallback: number | null, least: number, most: number): number {
  if (value === undefined && fallback !== null) return fallback;
  if (typeof value !== 'number' || !(value >= least && value <= most)) {
    throw wrong(name, value, least === Number.MIN_VALUE ? `a number above 0, at most ${most}` : `a number from ${least} to ${most}`);
  }
  return value;
}

/** Reads a whole number within bounds. It is required if there is no default. */
export function whole(name: string, value: unknown, fallback: number | null, least: number, most: number): number {
  if (value === undefined && fallback !== null) return fallback;
  if (!Number.isSafeInteger(value) || (value as number) < least || (value as number) > most) {
    throw wrong(name, value, `a whole number from ${least} to ${most}`);
  }
  return value as number;
}
