/**
 * A request for a statistic, read once from what a caller gave: checked, copied, frozen, and with the canonical key
 * that says when two are the same. Knows nothing of the wire or of time.
 */
import { expected, harmless } from './errors.js';
import { freezeDeep } from './freeze.js';
import type { StatisticDefinition, StatisticObject, StatisticRequest } from './statistic.js';

/** A request read once, copied and frozen, with the key that says when two are the same. */
export interface Definition extends StatisticObject {
  readonly name?: string;
  readonly definition?: StatisticDefinition;
  /** Equal for two definitions exactly when they ask for the same, whatever the order of their fields. */
  readonly key: string;
}

/**
 * Reads a request given by a caller: copies it, so that a later change of the original has no effect.
 *
 * @param where - what to call it in an error: `'definitions.answered'`, `'definitions[2]'`, or `''` for plain arguments.
 * @throws StatisticsOptionError when the name, the definition or the object is not usable.
 */
export function readDefinition(request: unknown, where = ''): Definition {
  const at = (field: string): string => (where === '' ? field : `${where}.${field}`);
  if (!isRecord(request)) {
    throw expected(where === '' ? 'object' : where, request, 'an object with name or definition, objectId and objectType');
  }
  const { name, definition, objectId, objectType } = request;
  const object = { objectId: readText(objectId, at('objectId')), objectType: readText(objectType, at('objectType')) };
  if (name !== undefined && definition !== undefined) {
    throw expected(at('definition'), definition, 'no definition beside a name: give one of the two');
  }
  const inline = definition ?? (typeof name === 'string' ? undefined : name);
  if (inline !== undefined) {
    const copy = copyInline(inline, at(definition === undefined ? 'name' : 'definition'));
    return Object.freeze({ objectId: object.objectId, objectType: object.objectType, definition: copy, key: keyOf(inOrder(copy), object) });
  }
  const text = readText(name, at('name'));
  // Written out: there is one for each statistic, and a copied object takes more room.
  return Object.freeze({ objectId: object.objectId, objectType: object.objectType, name: text, key: keyOf(text, object) });
}

/** The request to show a caller in an error, without what is ours. */
export function requestOf({ name, definition, objectId, objectType }: Definition): StatisticRequest {
  return Object.freeze(
    definition === undefined ? { name: name ?? '', objectId, objectType } : { definition, objectId, objectType },
  );
}

/** `Total_Answered of Queue Sales@SIP`: how a statistic is called in messages. Names may come from whoever uses the program. */
export function describe({ name, definition, objectId, objectType }: Definition): string {
  const what = name ?? `${String(definition?.category)} definition`;
  return harmless(`${what} of ${objectType} ${objectId}`);
}

const maxText = 4096;

/**
 * Text that a server could be asked for: a lone surrogate, for one, could not be encoded in a URL.
 *
 * @throws StatisticsOptionError for what is none.
 */
export function readText(value: unknown, option: string): string {
  if (typeof value !== 'string' || value.trim() === '' || value.length > maxText || !value.isWellFormed()) {
    throw expected(option, value, `a non-empty string of at most ${maxText} characters`);
  }
  return value;
}

function copyInline(value: unknown, option: string): StatisticDefinition {
  if (!isRecord(value)) {
    throw expected(option, value, 'a name or a statistic definition');
  }
  let copy: unknown;
  try {
    copy = freezeDeep(JSON.parse(JSON.stringify(value)));
  } catch {
    throw expected(option, value, 'a statistic definition of plain JSON data');
  }
  if (!isRecord(copy) || Object.keys(copy).length === 0) {
    throw expected(option, value, 'a statistic definition with at least a category and a subject');
  }
  readText(copy['category'], `${option}.category`);
  readText(copy['subject'], `${option}.subject`);
  return copy as StatisticDefinition;
}

/** @param what - a name, or an inline definition: text is never the same as an object in JSON. */
function keyOf(what: unknown, { objectId, objectType }: StatisticObject): string {
  return JSON.stringify([what, objectId, objectType]);
}

/** Plain data with the keys of every object in order. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(inOrder);
  }
  return isRecord(value) ? Object.fromEntries(Object.keys(value).sort().map((key) => [key, inOrder(value[key])])) : value;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
