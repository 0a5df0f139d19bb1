/** Bytes to text, and letting go of bytes, with what every platform has. */

/** Strict UTF-8 to text. Throws a TypeError where it is not UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
}

/** The chunk of a body has been copied: whatever becomes of it is for the collector. */
export const discard = (): void => undefined;
