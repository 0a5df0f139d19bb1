/** Bytes to text, and letting go of bytes, the fast way of Node. */
import { Buffer, isAscii } from 'node:buffer';

/**
 * Bodies are nearly always ASCII, which Node reads four times as fast this way. Not from a million characters on: such a
 * string lies outside of V8's heap, which answers with a major collection every few of them.
 */
const largest = 1_000_000;

/** Strict UTF-8 to text. Throws a TypeError where it is not UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string {
  if (bytes.byteLength < largest && isAscii(bytes)) {
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  }
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
}

/**
 * Lets go of the memory of a body's chunk that has been copied. It lies outside of V8's heap, where only a collection would
 * find it; at ten thousand statistics a poll brings megabytes of it, which make for a major collection every few polls.
 *
 * Only of a byte stream, such as the body of Node's own `fetch`: what is put into one is its own, and its `tee` copies.
 * Chunks of any other stream may be in somebody else's hands: the other branch of a clone, a cache, a record.
 */
export function discarderOf(body: unknown): (chunk: Uint8Array) => void {
  return isByteStream(body) ? discard : () => undefined;
}

function isByteStream(body: unknown): boolean {
  try {
    (body as ReadableStream).getReader({ mode: 'byob' }).releaseLock();
    return true;
  } catch {
    return false;
  }
}

function discard({ buffer, byteLength }: Uint8Array): void {
  if (byteLength === buffer.byteLength && buffer instanceof ArrayBuffer) {
    buffer.transfer(0);
  }
}
