/**
 * Processes a request: checks its credentials, then runs its operation in the form of the profile. Owns the order of the checks.
 * Knows no sockets.
 */
import type { Profile } from '../profiles.js';
import { createAas } from './aas.js';
import type { Answer } from './answer.js';
import type { Bayeux } from './bayeux.js';
import type { RequestBody } from './body.js';
import type { Credentials } from './credentials.js';
import { close, open, openLater, peek, peekAll, read, type EndpointContext } from './endpoints.js';
import type { DecodedRequest } from './exchange.js';
import { parseQuery } from './route.js';

/** The collaborators of the operations. */
export interface ProcessContext extends EndpointContext {
  readonly bayeux: Bayeux;
  readonly credentials: Credentials;
  readonly profile: Profile;
}

/** Makes the function that answers requests. It throws an ApiError for a wrong request. */
export function createProcess(context: ProcessContext) {
  const { profile } = context;
  const aas = profile === 'aas' ? createAas(context) : undefined;
  return ({ headers, route, entry, body }: DecodedRequest, onGone: (gone: () => void) => void): Promise<Answer> | Answer => {
    // A preflight carries no credentials by design.
    if (route.operation === 'options') return { status: 204, body: '' };
    context.credentials.check(headers);
    if (route.operation === 'other' && route.error !== undefined) throw route.error;
    const query = parseQuery(entry.query);
    switch (route.operation) {
      case 'open':
        if (aas !== undefined) return aas.open(body, entry);
        return (profile === 'async' ? openLater : open)(context, query, jsonOf(body), entry);
      case 'read':
        return aas?.read(route.name) ?? read(context, route.name, query);
      case 'close':
        if (aas !== undefined) return aas.read(route.name);
        return profile === 'no-content' ? { ...close(context, route.name), status: 204, body: '' } : close(context, route.name);
      case 'peek':
        return aas?.nothing() ?? peek(context, route.name, query);
      case 'peekAll':
        return aas?.nothing() ?? peekAll(context, jsonOf(body));
      case 'other':
        return context.bayeux.handle(jsonOf(body), onGone).then((text) => ({ status: 200, body: text }));
    }
  };
}

/** Only operations with a body read it, because the vendor's client declares its GET and DELETE as JSON too. */
function jsonOf({ json, error }: RequestBody): unknown {
  if (error !== undefined) throw error;
  return json;
}
