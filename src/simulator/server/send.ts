/**
 * Answers onto the wire: their headers and bytes, whole or cut. Owns the headers every answer has; must not know why it
 * says what it says.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Answer } from './answer.js';
import { corsHeaders, preflightHeaders } from './cors.js';
import { sessionCookie } from './credentials.js';

const JSON_TYPE = 'application/json;charset=utf-8';

/** A scripted body: text and bytes as they are, anything else as JSON. */
export function bodyText(body: unknown): string | Uint8Array {
  if (typeof body === 'string' || body instanceof Uint8Array) return body;
  const text: unknown = JSON.stringify(body);
  return typeof text === 'string' ? text : '';
}

/** Sends a whole answer. */
export function send(raw: IncomingMessage, response: ServerResponse, answer: Answer): void {
  const empty = answer.status === 204 || answer.status === 304;
  const body = Buffer.from(empty ? '' : answer.body);
  setHead(raw, response, answer, empty ? undefined : body.length);
  response.end(body);
}

/** Sends half of the body under the full length, then closes the connection. */
export function sendHalf(raw: IncomingMessage, response: ServerResponse, answer: Answer): void {
  const body = Buffer.from(answer.body);
  setHead(raw, response, answer, Math.max(1, body.length));
  response.write(body.subarray(0, Math.floor(body.length / 2)), () => response.destroy());
}

function setHead(raw: IncomingMessage, response: ServerResponse, answer: Answer, length: number | undefined): void {
  response.statusCode = answer.status;
  const headers = {
    ...(length === undefined ? {} : { 'Content-Type': JSON_TYPE, 'Content-Length': String(length) }),
    'Cache-Control': 'no-store',
    ...corsHeaders(raw.headers),
    ...(raw.method === 'OPTIONS' ? preflightHeaders(raw.headers) : sessionCookie(raw.headers)),
    ...answer.headers,
  };
  // Case-insensitive, so what a fault sets replaces what is usual.
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
}
