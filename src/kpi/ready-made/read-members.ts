/** Reads the options of the ready-made figures, and makes requests from them. Knows no figure. */
import { objectWith, textOf } from '../../checks/arguments.js';
import type { NamedStatistic } from './known-members.js';

/** Options of a ready-made stream whose members are `K`. */
export interface ReadyMadeOptions<K extends string> {
  /** The type of the object, if it is not the usual one. */
  readonly objectType?: string | undefined;
  /** The names of statistics that this deployment names differently. */
  readonly names?: { readonly [Key in K]?: string | undefined } | undefined;
}

/**
 * Makes a request for each member.
 *
 * @throws StatisticsOptionError for an unusable option, member or object.
 */
export function readMembers<K extends string>(
  defaults: Readonly<Record<K, string>>,
  usualType: string,
  objectId: string,
  options: ReadyMadeOptions<K>,
): Readonly<Record<K, NamedStatistic>> {
  const { objectType = usualType, names = {} } = objectWith('options', options, ['objectType', 'names']);
  const given = objectWith('names', names, Object.keys(defaults));
  const object = { objectId: textOf('objectId', objectId), objectType: textOf('objectType', objectType) };
  const members = Object.entries(defaults).map(([key, usual]) => [key, { name: textOf(`names.${key}`, given[key] ?? usual), ...object }]);
  return Object.fromEntries(members) as Record<K, NamedStatistic>;
}
