/**
 * The body of an answer: read whole and bounded, with few copies, since it is most of what a poll costs. It stays bytes,
 * for what is polled again and again is compared as such; its text, strict UTF-8, is made when it is asked for. Knows
 * nothing of what it says.
 */
import { decodeUtf8, discarderOf } from '#bytes';
import { StatisticsNetworkError } from '../model/errors.js';
import { TransportFailure } from './network-error.js';

/** UTF-8, if it is what it should be. */
export interface Body {
  readonly bytes: Uint8Array;
  /** Nobody looks at `bytes` any more: another body may be read into their memory. At most once; what never is, is for the collector. */
  release(): void;
}

/**
 * The text of a body.
 *
 * @param operation - what it answers, for the error.
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

/** Bytes: no more memory is kept for bodies to come. */
const mostKept = 8 * 1024 * 1024;
/** Bodies of the same upstream differ by a little: memory that one of them fits in should fit the next. */
const growth = 1.5;
/** Memory of so many times the size of a body is not spent on it. */
const tooLarge = 4;

/**
 * Reads bodies into memory that is used again and again. It lies outside of V8's heap: at ten thousand statistics a poll
 * brings megabytes, and new memory for each would make for a major collection every few polls.
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
      let buffer = take();
      let length = 0;
      try {
        for await (const chunk of chunksOf(response)) {
          // A body that is all here already would otherwise be read on after the abort.
          signal.throwIfAborted();
          if (!ArrayBuffer.isView(chunk)) {
            throw new StatisticsNetworkError('the body of the answer is not bytes', 'unreadable');
          }
          const before = length;
          length += chunk.byteLength;
          if (length > maxBytes) {
            throw new StatisticsNetworkError(`the answer is larger than ${maxBytes} bytes`, 'too-large');
          }
          buffer = grown(buffer, before, length);
          buffer.set(chunk, before);
          discard(chunk);
        }
      } catch (error) {
        give(buffer);
        throw error;
      }
      if (buffer.byteLength > tooLarge * length) {
        // It may be looked at for long, and what was made for a large body would be held by a small one.
        const own = buffer.slice(0, length);
        give(buffer);
        buffer = own;
      }
      return { bytes: buffer.subarray(0, length), release: () => give(buffer) };
    },
  };
}

/** A buffer that holds `length` bytes, with the first `used` of this one. */
function grown(buffer: Uint8Array, used: number, length: number): Uint8Array {
  if (buffer.byteLength >= length) {
    return buffer;
  }
  const larger = new Uint8Array(Math.ceil(growth * length));
  larger.set(buffer.subarray(0, used));
  return larger;
}

/**
 * The body's chunks; leaving the loop early cancels it. A web stream by its reader (Safari cannot iterate it), node-fetch's by
 * iteration.
 */
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
      // After the end this does nothing; before it, the socket is let go instead of held by an unread body.
      reader.cancel().catch(() => undefined);
    }
  } catch (reason) {
    // Nothing in here is ours: it is the network that failed.
    throw new TransportFailure(reason);
  }
}
