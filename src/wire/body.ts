/**
 * The body of an answer: read whole, within a limit and with few copies, since this is most of a poll's cost. It stays bytes,
 * because polls compare bytes; its text, in strict UTF-8, is made on demand. Knows nothing of its content.
 */
import { decodeUtf8, discarderOf } from '#bytes';
import { StatisticsNetworkError } from '../model/errors.js';
import { TransportFailure } from './network-error.js';

export interface Body {
  /** UTF-8, unless the server is at fault. */
  readonly bytes: Uint8Array;
  /** Returns the memory of `bytes` for reuse. Call at most once; bodies that are never released are garbage-collected. */
  release(): void;
}

/**
 * The text of a body.
 *
 * @param operation - the request that it answers, for the error.
 * @throws StatisticsNetworkError when it is not UTF-8.
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
  /** @throws StatisticsNetworkError when it is larger than `maxBytes`. */
  read(response: Response, maxBytes: number, signal: AbortSignal): Promise<Body>;
}

/** The most bytes of memory to keep for later bodies. */
const mostKept = 8 * 1024 * 1024;
/** Memory grows by this much while a body of unknown size is read. */
const growth = 1.5;
/** Bodies of one upstream differ a little in size: memory that fits one of them should fit the next. */
const headroom = 1.125;
/** A body may not occupy memory of more than this many times its size. */
const tooLarge = 4;

/**
 * Reads bodies into memory that is reused. It lies outside of V8's heap: ten thousand statistics make a body of megabytes,
 * and new memory for each of them would cause a major collection every few polls.
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
          // Otherwise a body that has arrived completely would be read on after an abort.
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
        // Its reader may keep it for long, and a small body must not hold the memory of a large one.
        const own = buffer.slice(0, length);
        give(buffer);
        buffer = own;
      }
      return { bytes: buffer.subarray(0, length), release: () => give(buffer) };
    },
  };
}

/** The size of a body by its headers. Only a hint: the body may be compressed, or the header wrong, so large sizes are ignored. */
function announcedLength({ headers }: Response): number {
  const length = Number(headers.get('content-length'));
  return length > 0 && length <= mostKept / 2 ? length : 0;
}

/** The buffer, if it fits `length` bytes; else one with `factor` times that, which begins with the first `used` bytes of `buffer`. */
function enlarged(buffer: Uint8Array, length: number, factor: number, used = 0): Uint8Array {
  if (buffer.byteLength >= length) {
    return buffer;
  }
  const larger = new Uint8Array(Math.ceil(factor * length));
  larger.set(buffer.subarray(0, used));
  return larger;
}

/** The chunks of a body; leaving the loop early cancels it. Web streams are read by a reader (Safari cannot iterate them), others by iteration. */
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
      // Before the end this releases the socket, which an unread body would hold; after it, it does nothing.
      reader.cancel().catch(() => undefined);
    }
  } catch (reason) {
    // Only the network can have failed in here, never our own code.
    throw new TransportFailure(reason);
  }
}
