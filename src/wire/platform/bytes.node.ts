/** Decodes, compares and discards bytes in Node's fastest ways. Same exports as `bytes.native`. */
import { Buffer, isAscii } from 'node:buffer';

/**
 * Bodies are nearly always ASCII, which Node decodes four times as fast this way. From a million characters on, such a
 * string would lie outside of V8's heap, and every few of them would cause a major collection.
 */
const largest = 1_000_000;

/** Node's `compare` accepts any Uint8Array as `this`, so no view has to be made. */
const { compare } = Buffer.prototype as Buffer;

/** Bytes: an answer up to this size needs no nudge, since its request alone makes enough garbage. */
const worthNudging = 100_000;
/** Bytes of garbage that a changed statistic makes on its way to its observers, per byte of its text. */
const garbagePerByte = 5;
/** Bytes per piece of garbage: small enough for V8's young generation. */
const piece = 100_000;
const garbage: unknown[] = [undefined];

/**
 * Makes V8 scavenge. Only a scavenge frees the buffers that `fetch` leaves outside of the heap, but allocations inside it
 * decide when one happens. An answer of megabytes of which little is parsed allocates almost nothing, so buffers pile up until
 * they cause a major collection, every few polls. Garbage of half the answer's size is far cheaper: the scenario `scavenger`
 * of the bench measures both.
 *
 * @param bytes - the size of the answer.
 * @param parsed - the number of its bytes that were parsed.
 */
export function nudgeScavenger(bytes: number, parsed: number): void {
  if (bytes > worthNudging) {
    for (let wanted = bytes / 2 - garbagePerByte * parsed; wanted > 0; wanted -= piece) {
      garbage[0] = new Array(piece / 8);
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

/** Decodes parts of `bytes` like {@link decodeUtf8}, except that a byte order mark is a character like any other. */
export function partsOf(bytes: Uint8Array): (from: number, to: number) => string {
  const buffer = bufferOf(bytes);
  const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  return (from, to) => {
    const text = buffer.toString('utf8', from, to);
    // This character stands for invalid UTF-8, or for itself.
    return text.includes('\ufffd') ? strict.decode(bytes.subarray(from, to)) : text;
  };
}

/** Whether `length` bytes of `a` from `at` on equal those of `b` from `there` on. Neither range may exceed its array. */
export function areSame(a: Uint8Array, at: number, b: Uint8Array, there: number, length: number): boolean {
  return compare.call(a as Buffer, b, there, there + length, at, at + length) === 0;
}

/**
 * Frees the memory of a body's chunk once it has been copied; otherwise only a collection would.
 *
 * Applies only to byte streams, such as the body of Node's own `fetch`: they own their chunks, and `tee` copies them. Chunks of
 * other streams may also belong to somebody else, such as the other branch of a clone, a cache or a recording.
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
