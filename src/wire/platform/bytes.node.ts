/** Bytes to text, comparing bytes, and letting go of them, the fast way of Node. */
import { Buffer, isAscii } from 'node:buffer';

/**
 * Bodies are nearly always ASCII, which Node reads four times as fast this way. Not from a million characters on: such a
 * string lies outside of V8's heap, which answers with a major collection every few of them.
 */
const largest = 1_000_000;

/** It takes any Uint8Array for itself, so that no view has to be made. */
const { compare } = Buffer.prototype as Buffer;

/** Strict UTF-8 to text, without a byte order mark. Throws a TypeError where it is not UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string {
  if (bytes.byteLength < largest && isAscii(bytes)) {
    return bufferOf(bytes).toString('latin1');
  }
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
}

/** Strict UTF-8 to text for parts of `bytes`, where a byte order mark is a character like any other. Throws as {@link decodeUtf8} does. */
export function partsOf(bytes: Uint8Array): (from: number, to: number) => string {
  if (!isAscii(bytes)) {
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    return (from, to) => decoder.decode(bytes.subarray(from, to));
  }
  const buffer = bufferOf(bytes);
  return (from, to) => buffer.toString('latin1', from, to);
}

/** Whether the `length` bytes of `a` from `at` on are those of `b` from `there` on. Both must have so many. */
export function areSame(a: Uint8Array, at: number, b: Uint8Array, there: number, length: number): boolean {
  return compare.call(a as Buffer, b, there, there + length, at, at + length) === 0;
}

/**
 * Lets go of the memory of a body's chunk that has been copied, which only a collection would find otherwise.
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

function bufferOf({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
