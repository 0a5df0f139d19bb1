/**
 * Reads a caller's request for a statistic once: checks it, copies it, and adds a canonical key. Requests for the same statistic
 * have equal keys. Knows nothing of the wire or of time.
 */
import { expected, harmless } from './errors.js';
import { freezeDeep } from './freeze.js';
import type { StatisticDefinition, StatisticObject, StatisticRequest } from './statistic.js';

/** A request that has been checked and copied. Internal: programs get the result of {@link requestOf} instead. */
export interface Definition extends StatisticObject {
  readonly name?: string;
  readonly definition?: StatisticDefinition;
  /** Equal for two definitions exactly if they ask for the same statistic, whatever the order of their fields. */
  readonly key: string;
}

/**
 * Reads a caller's request. The result is a copy, so a later change of the original has no effect.
 *
 * @param where - the request's path in an error: `'definitions.answered'`, `'definitions[2]'`, or `''` for plain arguments.
 * @throws StatisticsOptionError when the name, the definition or the object is not usable.
 */
export function readDefinition(request: unknown, where = ''): Definition {
  if (!isRecord(request)) {
    throw expected(where === '' ? 'object' : where, request, 'an object with name or definition, objectId and objectType');
  }
  const { name, definition } = request;
  const objectId = readText(request['objectId'], 'objectId', where);
  const objectType = readText(request['objectType'], 'objectType', where);
  if (name !== undefined && definition !== undefined) {
    throw expected(pathOf('definition', where), definition, 'no definition beside a name: give one of the two');
  }
  const inline = definition ?? (typeof name === 'string' ? undefined : name);
  if (inline === undefined) {
    const text = readText(name, 'name', where);
    return { objectId, objectType, name: text, key: keyOf(text, objectId, objectType) };
  }
  const copy = copyInline(inline, pathOf(definition === undefined ? 'name' : 'definition', where));
  return { objectId, objectType, definition: copy, key: keyOf(inOrder(copy), objectId, objectType) };
}

/** The request without internal fields, for errors and events. */
export function requestOf({ name, definition, objectId, objectType }: Definition): StatisticRequest {
  return Object.freeze(
    definition === undefined ? { name: name ?? '', objectId, objectType } : { definition, objectId, objectType },
  );
}

/** A statistic's description in messages, such as `Total_Answered of Queue Sales@SIP`. Users may choose names, so it is made harmless. */
export function describe({ name, definition, objectId, objectType }: Definition): string {
  const what = name ?? `${String(definition?.category)} definition`;
  return harmless(`${what} of ${objectType} ${objectId}`);
}

const maxText = 4096;

/**
 * Requires a text that can be sent in a request. A lone surrogate, for example, cannot be encoded in a URL.
 *
 * @param where - the path of the object that holds `field`; `''` if the field itself is an argument.
 * @throws StatisticsOptionError when the value is not such a text.
 */
export function readText(value: unknown, field: string, where = ''): string {
  if (typeof value !== 'string' || value.trim() === '' || value.length > maxText || !value.isWellFormed()) {
    throw expected(pathOf(field, where), value, `a non-empty string of at most ${maxText} characters`);
  }
  return value;
}

function pathOf(field: string, where: string): string {
  return where === '' ? field : `${where}.${field}`;
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
  readText(copy['category'], 'category', option);
  readText(copy['subject'], 'subject', option);
  return copy as StatisticDefinition;
}

/**
 * The canonical key of a statistic.
 *
 * @param what - a name, or an inline definition with sorted keys. They never collide, because JSON quotes a name.
 */
export function keyOf(what: unknown, objectId: string | undefined, objectType: string | undefined): string {
  return JSON.stringify([what, objectId, objectType]);
}

/** Copies plain data with the keys of every object sorted. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(inOrder);
  }
  return isRecord(value) ? Object.fromEntries(Object.keys(value).sort().map((key) => [key, inOrder(value[key])])) : value;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
