/** Bytes to text, and letting go of bytes, with what every platform has. */

/** Strict UTF-8 to text. Throws a TypeError where it is not UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
}

/** What becomes of a body's chunk that has been copied is for the collector. */
export const discarderOf = (_: unknown) => (): void => undefined;
