/** Decodes, compares and discards bytes in the fastest way of Node. Same exports as `bytes.native`. */
import { Buffer, isAscii } from 'node:buffer';

/**
 * The longest text to decode as ASCII, which is four times as fast, and right for nearly all bodies. Longer strings would lie
 * outside of V8's heap, and every few of them would cause a major garbage collection.
 */
const largest = 1_000_000;

/** `Buffer.prototype.compare` accepts any Uint8Array as `this`, so no `Buffer` has to be created. */
const { compare } = Buffer.prototype as Buffer;

/** Bytes. A smaller answer needs no nudge, because its request alone makes enough garbage. */
const worthNudging = 100_000;
/** Bytes of garbage that the client makes for each byte of a changed statistic's text, until the value has reached the observers. */
const garbagePerByte = 5;
/** Bytes per piece of garbage, small enough for V8's young generation. */
const piece = 100_000;
const garbage: unknown[] = [undefined];

/**
 * Makes V8 scavenge (collect its young generation). `fetch` leaves buffers outside of the heap that only a scavenge frees, but
 * V8 schedules scavenges by allocations inside the heap. A large answer that is hardly parsed allocates almost nothing there, so
 * buffers pile up until they cause a major collection, every few polls. Producing garbage of half the answer's size is far
 * cheaper: the scenario `scavenger` of the bench measures both.
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

/** Decodes strict UTF-8, and drops a byte order mark. Throws a TypeError if the bytes are not UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string {
  if (bytes.byteLength < largest && isAscii(bytes)) {
    return bufferOf(bytes).toString('latin1');
  }
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
}

/** Returns a function that decodes parts of `bytes` like {@link decodeUtf8}, but keeps a byte order mark. */
export function partsOf(bytes: Uint8Array): (from: number, to: number) => string {
  const buffer = bufferOf(bytes);
  const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  return (from, to) => {
    const text = buffer.toString('utf8', from, to);
    // This character stands for invalid UTF-8, but valid text may contain it as well, so the strict decoder decides.
    return text.includes('\ufffd') ? strict.decode(bytes.subarray(from, to)) : text;
  };
}

/** Whether `length` bytes of `a`, starting at `at`, equal those of `b`, starting at `there`. Neither range may exceed its array. */
export function areSame(a: Uint8Array, at: number, b: Uint8Array, there: number, length: number): boolean {
  return compare.call(a as Buffer, b, there, there + length, at, at + length) === 0;
}

/**
 * Frees the memory of a body's chunk at once after it was copied, without waiting for a garbage collection.
 *
 * Applies only to byte streams, such as the body of Node's own `fetch`: they own their chunks, and `tee` copies them. Chunks of
 * other streams may be in use elsewhere, for example by the other branch of a clone, by a cache or by a recording.
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
    // The function may be missing or locked down. The memory is then garbage-collected later.
    (buffer as Partial<ArrayBuffer>).transfer?.call(buffer, 0);
  }
}

function bufferOf({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
