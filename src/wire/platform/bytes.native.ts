/** Decodes, compares and discards bytes with functions that every platform has. Same exports as `bytes.node`. */

/** Decodes strict UTF-8, and drops a byte order mark. Throws a TypeError if the bytes are not UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
}

/** Returns a function that decodes parts of `bytes` like {@link decodeUtf8}, but keeps a byte order mark. */
export function partsOf(bytes: Uint8Array): (from: number, to: number) => string {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  return (from, to) => decoder.decode(bytes.subarray(from, to));
}

/** Whether `length` bytes of `a`, starting at `at`, equal those of `b`, starting at `there`. Neither range may exceed its array. */
export function areSame(a: Uint8Array, at: number, b: Uint8Array, there: number, length: number): boolean {
  for (let index = 0; index < length; index++) {
    if (a[at + index] !== b[there + index]) {
      return false;
    }
  }
  return true;
}

/** Does nothing: only V8's garbage collector in Node is known to need this. */
export const nudgeScavenger = (_: number, __: number): void => undefined;

/** Does nothing: copied chunks of a body are garbage-collected. */
export const discarderOf = (_: unknown) => (): void => undefined;
