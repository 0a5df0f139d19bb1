/** Decodes, compares and discards bytes by means that every platform has. Same exports as `bytes.node`. */

/** Strict UTF-8 to text, without a byte order mark. Throws a TypeError where it is not UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
}

/** Decodes parts of `bytes` like {@link decodeUtf8}, except that a byte order mark is a character like any other. */
export function partsOf(bytes: Uint8Array): (from: number, to: number) => string {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  return (from, to) => decoder.decode(bytes.subarray(from, to));
}

/** Whether `length` bytes of `a` from `at` on equal those of `b` from `there` on. Neither range may exceed its array. */
export function areSame(a: Uint8Array, at: number, b: Uint8Array, there: number, length: number): boolean {
  for (let index = 0; index < length; index++) {
    if (a[at + index] !== b[there + index]) {
      return false;
    }
  }
  return true;
}

/** Only Node's collector is known to need this. */
export const nudgeScavenger = (_: number, __: number): void => undefined;

/** Leaves copied chunks of a body to the collector. */
export const discarderOf = (_: unknown) => (): void => undefined;
