/** Bytes to text, comparing bytes, and letting go of them, with what every platform has. */

/** Strict UTF-8 to text, without a byte order mark. Throws a TypeError where it is not UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
}

/** Strict UTF-8 to text for parts of `bytes`, where a byte order mark is a character like any other. Throws as {@link decodeUtf8} does. */
export function partsOf(bytes: Uint8Array): (from: number, to: number) => string {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  return (from, to) => decoder.decode(bytes.subarray(from, to));
}

/** Whether the `length` bytes of `a` from `at` on are those of `b` from `there` on. Both must have so many. */
export function areSame(a: Uint8Array, at: number, b: Uint8Array, there: number, length: number): boolean {
  for (let index = 0; index < length; index++) {
    if (a[at + index] !== b[there + index]) {
      return false;
    }
  }
  return true;
}

/** How a collector is moved to look for buffers is for each to say; nothing is known of others than Node's. */
export const nudgeScavenger = (_: number, __: number): void => undefined;

/** What becomes of a body's chunk that has been copied is for the collector. */
export const discarderOf = (_: unknown) => (): void => undefined;
