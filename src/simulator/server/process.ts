/**
 * One request, once it is read: credentials, then its operation. Owns the order of these checks; must not know sockets.
 */
import type { Answer } from './answer.js';
import type { Bayeux } from './bayeux.js';
import type { RequestBody } from './body.js';
import type { Credentials } from './credentials.js';
import { close, open, peek, peekAll, read, type EndpointContext } from './endpoints.js';
import type { DecodedRequest } from './exchange.js';
import { parseQuery } from './route.js';

/** What the operations work on. */
export interface ProcessContext extends EndpointContext {
  readonly bayeux: Bayeux;
  readonly credentials: Credentials;
}

/** Makes the function that answers requests; it throws an ApiError for those that are wrong. */
export function createProcess(context: ProcessContext) {
  return ({ headers, route, entry, body }: DecodedRequest, onGone: (gone: () => void) => void): Promise<Answer> | Answer => {
    // A preflight carries no credentials by design.
    if (route.operation === 'options') return { status: 204, body: '' };
    context.credentials.check(headers);
    if (route.operation === 'other' && route.error !== undefined) throw route.error;
    const query = parseQuery(entry.query);
    switch (route.operation) {
      case 'open':
        return open(context, query, jsonOf(body), entry);
      case 'read':
        return read(context, route.name, query);
      case 'close':
        return close(context, route.name);
      case 'peek':
        return peek(context, route.name, query);
      case 'peekAll':
        return peekAll(context, jsonOf(body));
      case 'other':
        return context.bayeux.handle(jsonOf(body), onGone).then((text) => ({ status: 200, body: text }));
    }
  };
}

/** Only what needs a body looks at it: the vendor's client calls its GET and DELETE JSON too. */
function jsonOf({ json, error }: RequestBody): unknown {
  if (error !== undefined) throw error;
  return json;
}
