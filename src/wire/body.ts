/**
 * Reads the body of an answer as a whole, within a limit. Makes few copies, because reading is the largest part of a poll's cost.
 * The body stays bytes, because polls compare bytes; its text, in strict UTF-8, is decoded on demand. Knows nothing of the content.
 */
import { decodeUtf8, discarderOf } from '#bytes';
import { StatisticsNetworkError } from '../model/errors.js';
import { TransportFailure } from './network-error.js';

export interface Body {
  /** Should be UTF-8. {@link textOfBody} checks it. */
  readonly bytes: Uint8Array;
  /** Returns the memory of `bytes` for reuse. Call at most once; bodies that are never released are garbage-collected. */
  release(): void;
}

/**
 * The text of a body.
 *
 * @param operation - the request that it answers, for the error.
 * @throws StatisticsNetworkError when the body is not UTF-8.
 */
export function textOfBody({ bytes }: Body, operation?: string): string {
  try {
    return decodeUtf8(bytes);
  } catch (cause) {
    const about = operation === undefined ? '' : `${operation}: `;
    throw new StatisticsNetworkError(`${about}the answer is not UTF-8`, 'unreadable', { cause });
  }
}

export interface BodyReader {
  /** @throws StatisticsNetworkError when the body is larger than `maxBytes`. */
  read(response: Response, maxBytes: number, signal: AbortSignal): Promise<Body>;
}

/** The most bytes of memory to keep for later bodies. */
const mostKept = 8 * 1024 * 1024;
/** The buffer grows by this factor while a body of unknown size is read. */
const growth = 1.5;
/** New buffers are larger than the body by this factor. Bodies of one upstream differ a little in size, so the next one should fit too. */
const headroom = 1.125;
/** A body may not occupy a buffer of more than this number of times its size. */
const tooLarge = 4;

/**
 * Reads bodies into buffers that are reused. A body of ten thousand statistics has megabytes. A new buffer for each body, outside
 * V8's heap, would cause a major garbage collection every few polls.
 */
export function createBodyReader(): BodyReader {
  const spare: Uint8Array[] = [];
  let kept = 0;

  function take(): Uint8Array {
    const buffer = spare.pop() ?? new Uint8Array(0);
    kept -= buffer.byteLength;
    return buffer;
  }

  function give(buffer: Uint8Array): void {
    if (kept + buffer.byteLength <= mostKept) {
      kept += buffer.byteLength;
      spare.push(buffer);
    }
  }

  return {
    async read(response, maxBytes, signal) {
      const discard = discarderOf(response.body);
      let buffer = enlarged(take(), Math.min(announcedLength(response), maxBytes), headroom);
      let length = 0;
      try {
        for await (const chunk of chunksOf(response)) {
          // Without this check, the buffered rest of a body would still be read after an abort.
          signal.throwIfAborted();
          if (!ArrayBuffer.isView(chunk)) {
            throw new StatisticsNetworkError('the body of the answer is not bytes', 'unreadable');
          }
          const before = length;
          length += chunk.byteLength;
          if (length > maxBytes) {
            throw new StatisticsNetworkError(`the answer is larger than ${maxBytes} bytes`, 'too-large');
          }
          buffer = enlarged(buffer, length, growth, before);
          buffer.set(chunk, before);
          discard(chunk);
        }
      } catch (error) {
        give(buffer);
        throw error;
      }
      if (buffer.byteLength > tooLarge * length) {
        // A reader may keep the body for long, and a small body must not retain a large buffer.
        const own = buffer.slice(0, length);
        give(buffer);
        buffer = own;
      }
      return { bytes: buffer.subarray(0, length), release: () => give(buffer) };
    },
  };
}

/** The size of a body by its header; 0 if unknown or large. Only a hint: a body may be compressed, or the header wrong. */
function announcedLength({ headers }: Response): number {
  const length = Number(headers.get('content-length'));
  return length > 0 && length <= mostKept / 2 ? length : 0;
}

/** Returns `buffer` if `length` bytes fit; otherwise a new one of `factor * length` bytes, with the first `used` bytes of `buffer` copied. */
function enlarged(buffer: Uint8Array, length: number, factor: number, used = 0): Uint8Array {
  if (buffer.byteLength >= length) {
    return buffer;
  }
  const larger = new Uint8Array(Math.ceil(factor * length));
  larger.set(buffer.subarray(0, used));
  return larger;
}

/** The chunks of a body. Leaving the loop early cancels the body. Web streams need a reader, because Safari cannot iterate them. */
async function* chunksOf(response: Response): AsyncGenerator<Uint8Array, void, undefined> {
  const body = response.body as ReadableStream<Uint8Array> | AsyncIterable<Uint8Array> | null;
  if (body === null) {
    return;
  }
  try {
    if (!('getReader' in body)) {
      yield* body;
      return;
    }
    const reader = body.getReader();
    try {
      for (let next = await reader.read(); !next.done; next = await reader.read()) {
        yield next.value;
      }
    } finally {
      // If the body was not read to its end, this releases the socket. Otherwise it does nothing.
      reader.cancel().catch(() => undefined);
    }
  } catch (reason) {
    // The code above only reads from the platform, so this is a network failure and never a bug of our own.
    throw new TransportFailure(reason);
  }
}
