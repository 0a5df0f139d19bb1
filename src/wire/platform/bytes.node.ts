/** Bytes to text, comparing bytes, and letting go of them, the fast way of Node. */
import { Buffer, isAscii } from 'node:buffer';

/**
 * Bodies are nearly always ASCII, which Node reads four times as fast this way. Not from a million characters on: such a
 * string lies outside of V8's heap, which answers with a major collection every few of them.
 */
const largest = 1_000_000;

/** It takes any Uint8Array for itself, so that no view has to be made. */
const { compare } = Buffer.prototype as Buffer;

/** Whoever reads less than this at a time has garbage enough by the request itself. */
const worthStirring = 100_000;
/** What a changed statistic leaves behind on its way to its observers, in terms of its own bytes. */
const garbagePerByte = 5;
const shortLived = 100_000;
const garbage: unknown[] = [undefined];

/**
 * Sees to it that V8 scavenges. Only then does it find the buffers that `fetch` leaves outside of the heap, but when it does
 * is decided by what is allocated inside. A poll of megabytes of which little is parsed allocates nearly nothing, so buffers
 * would pile up until they call for a major collection, every few polls. Half as much short-lived garbage as the answer has
 * bytes is cheaper by far.
 *
 * @param bytes - of the answer.
 * @param parsed - of those, how many were.
 */
export function nudgeScavenger(bytes: number, parsed: number): void {
  if (bytes > worthStirring) {
    for (let wanted = bytes / 2 - garbagePerByte * parsed; wanted > 0; wanted -= shortLived) {
      garbage[0] = new Array(shortLived / 8);
    }
    garbage[0] = undefined;
  }
}

/** Strict UTF-8 to text, without a byte order mark. Throws a TypeError where it is not UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string {
  if (bytes.byteLength < largest && isAscii(bytes)) {
    return bufferOf(bytes).toString('latin1');
  }
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
}

/** Strict UTF-8 to text for parts of `bytes`, where a byte order mark is a character like any other. Throws as {@link decodeUtf8} does. */
export function partsOf(bytes: Uint8Array): (from: number, to: number) => string {
  const buffer = bufferOf(bytes);
  const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  return (from, to) => {
    const text = buffer.toString('utf8', from, to);
    // It stands for what is not UTF-8, or for itself.
    return text.includes('\ufffd') ? strict.decode(bytes.subarray(from, to)) : text;
  };
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
    // A page of locked-down globals may lack it; without it, a collection finds the memory.
    (buffer as Partial<ArrayBuffer>).transfer?.call(buffer, 0);
  }
}

function bufferOf({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
