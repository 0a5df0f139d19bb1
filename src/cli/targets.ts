/** Reads statistics from a command line: `NAME[,NAME...] TYPE/ID...`. Does not know what they are used for. */
import { catalogue } from '../simulator/index.js';
import { statistics } from '../kpi/index.js';
import { suggestion } from './arguments/nearest.js';
import { UsageError } from './arguments/usage-error.js';
import type { Subject } from './live/figure.js';

/** Object types of Stat Server, for suggestions only. Any other type is sent unchanged. */
const knownTypes = [
  'Agent', 'GroupAgents', 'Queue', 'GroupQueues', 'RoutePoint', 'Place', 'GroupPlaces', 'Campaign', 'CampaignGroup', 'CallingList', 'CampaignCallingList', 'Tenant', 'RegDN', 'Switch',
];

export interface TypedId {
  readonly objectId: string;
  readonly objectType: string;
}

/**
 * Reads every combination of a name and an object.
 *
 * @throws UsageError if a name or an object is missing, or an object has no type
 */
export function readTargets(operands: readonly string[]): Subject[] {
  const { names, objects } = readNamesAndObjects(operands, 'NAME');
  return objects.flatMap((object) => names.map((name) => ({ name, ...object })));
}

/** @param what - the meaning of the names, for the error */
export function readNamesAndObjects([first, ...rest]: readonly string[], what: string): { names: string[]; objects: TypedId[] } {
  const usage = `${what}[,${what}...] TYPE/ID..., such as ${what === 'NAME' ? 'Current_In_Queue' : 'abandonRate'} Queue/Sales@SIP`;
  if (first === undefined) {
    throw new UsageError(`which ${what === 'NAME' ? 'statistics' : 'formulas'}? Give ${usage}`);
  }
  const names = [...new Set(first.split(',').map((name) => name.trim()))];
  if (names.includes('')) {
    throw new UsageError(`${JSON.stringify(first)} has an empty name between its commas`);
  }
  if (rest.length === 0) {
    throw new UsageError(`${names.join(',')} of which object? Give ${usage}`);
  }
  const objects = new Map(rest.map((text) => [text, readObject(text)]));
  return { names, objects: [...objects.values()] };
}

/** Reads `TYPE/ID`. Splits at the first slash, because ids may contain others. */
function readObject(text: string): TypedId {
  const at = text.indexOf('/');
  const [objectType, objectId] = [text.slice(0, at), text.slice(at + 1)];
  if (at < 1 || objectId === '') {
    throw new UsageError(`${JSON.stringify(text)} must be TYPE/ID, such as Queue/Sales@SIP or Agent/kim`);
  }
  if (!knownTypes.includes(objectType)) {
    const nearestType = suggestion(objectType, knownTypes);
    // Other types may exist, but a type that differs from a known one only by case is a typing mistake.
    if (knownTypes.some((type) => type.toLowerCase() === objectType.toLowerCase())) {
      throw new UsageError(`no object type is called ${JSON.stringify(objectType)}${nearestType}`);
    }
  }
  return { objectId, objectType };
}

/** A hint for a refused name: the well-known name that was probably meant. */
export function nameHint(name: string): string {
  const known = [...new Set([...Object.keys(statistics), ...catalogue.map((entry) => entry.name)])];
  return known.includes(name) ? '' : suggestion(name, known);
}
