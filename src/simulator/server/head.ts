/** The headers of answers, and the text of scripted bodies. Knows neither the reason for an answer nor its carrier. */
import type { Answer } from './answer.js';
import { corsHeaders, preflightHeaders } from './cors.js';
import { sessionCookie } from './credentials.js';
import type { RequestHeaders } from './message.js';

const JSON_TYPE = 'application/json;charset=utf-8';

/** A scripted body: text and bytes as they are, anything else as JSON. */
export function bodyText(body: unknown): string | Uint8Array {
  if (typeof body === 'string' || body instanceof Uint8Array) return body;
  const text: unknown = JSON.stringify(body);
  return typeof text === 'string' ? text : '';
}

/** Whether an answer with this status has no body at all. */
export const isBodiless = (status: number): boolean => status === 204 || status === 304;

/** The headers of an answer, except its length. The answer's own headers replace the usual ones. */
export function headersOf(method: string, request: RequestHeaders, answer: Answer): Record<string, string> {
  const headers = new Map<string, readonly [string, string]>();
  const put = (more: Readonly<Record<string, string>>): void => {
    for (const [name, value] of Object.entries(more)) headers.set(name.toLowerCase(), [name, value]);
  };
  if (!isBodiless(answer.status)) put({ 'Content-Type': JSON_TYPE });
  put({ 'Cache-Control': 'no-store' });
  put(corsHeaders(request));
  put(method === 'OPTIONS' ? preflightHeaders(request) : sessionCookie(request));
  put(answer.headers ?? {});
  return Object.fromEntries(headers.values());
}
