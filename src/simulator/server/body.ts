/**
 * Reads request bodies: from bytes or text to JSON, within a limit. Owns the limit and the decoding. Knows neither the meaning of a
 * body nor its carrier.
 */
import { ApiError } from './answer.js';

/** The largest body that is read, in bytes. */
export const MOST_BODY_BYTES = 8 * 1024 * 1024;

/** A body as it arrived, and its JSON if it can be parsed. */
export interface RequestBody {
  /** Empty when there was none. */
  readonly text: string;
  readonly json?: unknown;
  readonly error?: ApiError;
}

/** The body of a request that is too large to be read. */
export function tooLarge(): RequestBody {
  return { text: '', error: new ApiError(413, `at most ${MOST_BODY_BYTES} bytes in one request`) };
}

/** Parses a body. Never throws: the result holds any mistake. */
export function parseBody(body: string | Uint8Array): RequestBody {
  let text: string;
  try {
    text = typeof body === 'string' ? body : new TextDecoder('utf-8', { fatal: true }).decode(body);
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
