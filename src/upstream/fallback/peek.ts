/** Reads configured statistics once, without a subscription: one request, whose entries are matched by name and object. */
import type { Definition } from '../../model/definition.js';
import type { Reading } from '../../model/reading.js';
import type { WireApi } from '../../wire/api.js';
import { noIds } from '../answer/ids.js';
import { createMatcher } from '../answer/match.js';

/** Makes one attempt. Returns readings in the order of the definitions, `undefined` where the answer holds none. */
export async function peek(api: WireApi, definitions: readonly Definition[], signal: AbortSignal): Promise<readonly (Reading | undefined)[]> {
  const named = definitions.map(({ name = '', objectId, objectType }) => ({ name, objectId, objectType }));
  return createMatcher(definitions, noIds).match(await api.peekEntries(named, signal)).readings;
}
