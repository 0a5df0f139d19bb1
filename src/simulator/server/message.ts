/**
 * A request and its outcome as plain data, carried by a socket or a function call. Owns these shapes only.
 */
import type { RequestBody } from './body.js';

/** Names in lower case; repeated ones joined by a comma. */
export type RequestHeaders = Readonly<Record<string, string>>;

/** A request as it arrives. */
export interface Incoming {
  readonly method: string;
  /** Path and query as sent. */
  readonly target: string;
  readonly headers: RequestHeaders;
  /** Whether it comes from this machine. */
  readonly isLocal: boolean;
  /** Reads the whole body; rejects when the requester leaves before its end. */
  body(): Promise<RequestBody>;
  /** Whether the requester has left. */
  readonly isGone: boolean;
  /** Calls back once the requester leaves. */
  onGone(gone: () => void): void;
}

/** The outcome of a request: an answer, half of one with the full length, or a broken connection. */
export type Outcome =
  | { readonly kind: 'answer' | 'half'; readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: string | Uint8Array }
  | { readonly kind: 'reset' };

/** Answers requests, one outcome each. Never rejects. */
export type Exchange = (incoming: Incoming) => Promise<Outcome>;
