/** The CORS headers that let a page of another origin send requests with credentials. Owns these headers only. */
import type { RequestHeaders } from './message.js';

const ALLOWED = [
  'authorization', 'x-api-key', 'content-type', 'accept', 'origin', 'x-requested-with',
  'x-b3-traceid', 'x-b3-spanid', 'x-b3-snapid', 'x-b3-parentspanid', 'x-b3-sampled',
];

/** Headers for every answer to a request that names its origin. With credentials the origin is echoed, never `*`. */
export function corsHeaders(request: RequestHeaders): Record<string, string> {
  const { origin } = request;
  if (origin === undefined) return {};
  return {
    'Access-Control-Allow-Origin': origin,
    'Access-Control-Allow-Credentials': 'true',
    'Access-Control-Expose-Headers': 'Retry-After',
    Vary: 'Origin',
  };
}

/** Further headers for the answer to a preflight. All headers that the page asks for are allowed. */
export function preflightHeaders(request: RequestHeaders): Record<string, string> {
  const asked = (request['access-control-request-headers'] ?? '').split(',').map((name) => name.trim().toLowerCase());
  const names = new Set([...ALLOWED, ...asked.filter((name) => /^[\w!#$%&'*+.^`|~-]+$/.test(name))]);
  return {
    'Access-Control-Allow-Methods': 'GET, POST, DELETE, OPTIONS',
    'Access-Control-Allow-Headers': [...names].join(', '),
    'Access-Control-Max-Age': '600',
  };
}
