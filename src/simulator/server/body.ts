/**
 * Request bodies: bytes to JSON, within a limit. Owns the limit and the decoding; must not know what a body means.
 */
import type { IncomingMessage } from 'node:http';
import { ApiError } from './answer.js';

/** The largest body that is read, in bytes. */
const MOST_BODY_BYTES = 8 * 1024 * 1024;

/** A body as it came, and parsed when it could be. */
export interface RequestBody {
  /** Empty when there was none. */
  readonly text: string;
  readonly json?: unknown;
  readonly error?: ApiError;
}

/** Reads a whole body. What is wrong with it is in the result; only a connection that breaks rejects. */
export async function readBody(request: IncomingMessage): Promise<RequestBody> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    // The rest is read and dropped, so that the answer can be heard.
    if (size <= MOST_BODY_BYTES) chunks.push(chunk);
  }
  if (size > MOST_BODY_BYTES) {
    return { text: '', error: new ApiError(413, `at most ${MOST_BODY_BYTES} bytes in one request`) };
  }
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch {
    return { text: '', error: new ApiError(400, 'the body is not UTF-8') };
  }
  if (text === '') return { text };
  try {
    return { text, json: JSON.parse(text) as unknown };
  } catch {
    return { text, error: new ApiError(400, 'the body is not JSON') };
  }
}
