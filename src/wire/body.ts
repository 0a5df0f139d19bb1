/**
 * Reading the body of an answer: bounded, strict UTF-8, and with no more copies than need be, since it is most of what a
 * poll costs. Knows nothing of what it says.
 */
import { decodeUtf8, discarderOf } from '#bytes';
import { StatisticsNetworkError } from '../model/errors.js';

export interface BodyReader {
  /**
   * The whole text.
   *
   * @throws StatisticsNetworkError when it is larger than `maxBytes`, or not UTF-8.
   */
  read(response: Response, maxBytes: number, signal: AbortSignal): Promise<string>;
}

/** Buffers up to this size are kept. */
const worthKeeping = 8 * 1024 * 1024;

export function createBodyReader(): BodyReader {
  /** Taken by one body at a time; who finds it taken makes one of their own. */
  let spare: Uint8Array | undefined;

  return {
    async read(response, maxBytes, signal) {
      let first: Uint8Array | undefined;
      let buffer: Uint8Array | undefined;
      let length = 0;
      const discard = discarderOf(response.body);
      for await (const chunk of chunksOf(response)) {
        // A body that is all here already would otherwise be read on after the abort.
        signal.throwIfAborted();
        const before = length;
        length += chunk.byteLength;
        if (length > maxBytes) {
          throw new StatisticsNetworkError(`the answer is larger than ${maxBytes} bytes`, 'too-large');
        }
        if (first === undefined) {
          first = chunk;
          continue;
        }
        if (buffer === undefined) {
          buffer = spare ?? new Uint8Array(0);
          spare = undefined;
          buffer = grown(buffer, 0, length);
          buffer.set(first);
          discard(first);
        }
        buffer = grown(buffer, before, length);
        buffer.set(chunk, before);
        discard(chunk);
      }
      if (buffer === undefined) {
        return decode(first ?? new Uint8Array(0));
      }
      const text = decode(buffer.subarray(0, length));
      spare = buffer.byteLength <= worthKeeping ? buffer : undefined;
      return text;
    },
  };
}

/** A buffer that holds `length` bytes, with the first `used` of this one. */
function grown(buffer: Uint8Array, used: number, length: number): Uint8Array {
  if (buffer.byteLength >= length) {
    return buffer;
  }
  const larger = new Uint8Array(2 * length);
  larger.set(buffer.subarray(0, used));
  return larger;
}

function decode(bytes: Uint8Array): string {
  try {
    return decodeUtf8(bytes);
  } catch (cause) {
    throw new StatisticsNetworkError('the answer is not UTF-8', 'unreadable', { cause });
  }
}

/** The body's chunks; leaving the loop early cancels it. A web stream by its reader (Safari cannot iterate it), node-fetch's by iteration. */
async function* chunksOf(response: Response): AsyncGenerator<Uint8Array, void, undefined> {
  const body = response.body as ReadableStream<Uint8Array> | AsyncIterable<Uint8Array> | null;
  if (body === null) {
    return;
  }
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
}
