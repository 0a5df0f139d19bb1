/** From a request line to an operation: path, query and their decoding. Owns the table of paths. Does not know what the operations do. */
import { ApiError } from './answer.js';

/** The base path of the API. */
export const BASE_PATH = '/statistics/v3';

/** The operation that a request line asks for. */
export type Route =
  | { readonly operation: 'open' | 'peekAll' }
  | { readonly operation: 'read' | 'close' | 'peek'; readonly name: string }
  | { readonly operation: 'options' }
  | { readonly operation: 'other'; readonly notifications: boolean; readonly error?: ApiError };

/** The path and query of a request's target, as they were sent. */
export function splitTarget(target: string): { readonly path: string; readonly query: string } {
  const mark = target.indexOf('?');
  return mark < 0 ? { path: target, query: '' } : { path: target.slice(0, mark), query: target.slice(mark + 1) };
}

/** The parameters of a query. @throws ApiError 400 when its percent-encoding is broken. */
export function parseQuery(query: string): URLSearchParams {
  decode(query);
  return new URLSearchParams(query);
}

/** Finds the operation for a method and a path. Never throws: the route holds any mistake. */
export function route(method: string, path: string): Route {
  if (method === 'OPTIONS') return { operation: 'options' };
  let parts: readonly string[];
  try {
    parts = path.split('/').map(decode);
  } catch (error) {
    return { operation: 'other', notifications: false, error: error as ApiError };
  }
  const [root, statistics, version, resource, name = '', sub, ...more] = parts;
  const inside = root === '' && statistics === 'statistics' && version === 'v3' && more.length === 0;
  if (inside) {
    const shape = `${resource} ${parts.length - 4} ${sub ?? ''}`;
    if (resource === 'notifications' && parts.length <= 5) {
      return method === 'POST' ? { operation: 'other', notifications: true } : notAllowed('POST');
    }
    if (shape === 'subscriptions 0 ') return method === 'POST' ? { operation: 'open' } : notAllowed('POST');
    if (shape === 'operations 1 ' && name === 'get-statistic-ex') {
      return method === 'POST' ? { operation: 'peekAll' } : notAllowed('POST');
    }
    if (name !== '') {
      if (shape === 'subscriptions 1 ') return method === 'DELETE' ? { operation: 'close', name } : notAllowed('DELETE');
      if (shape === 'statistic-values 1 ') return method === 'GET' ? { operation: 'peek', name } : notAllowed('GET');
      if (shape === 'subscriptions 2 statistic-values') return method === 'GET' ? { operation: 'read', name } : notAllowed('GET');
    }
  }
  return { operation: 'other', notifications: false, error: new ApiError(404, 'there is nothing at this path') };
}

function notAllowed(allowed: string): Route {
  const error = new ApiError(405, `only ${allowed} is allowed here`, [], { Allow: `${allowed}, OPTIONS` });
  return { operation: 'other', notifications: false, error };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new ApiError(400, 'the percent-encoding is malformed');
  }
}
