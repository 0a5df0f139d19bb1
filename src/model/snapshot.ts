/**
 * The shapes of a set: an array of requests becomes a tuple of values in the same order, and a record becomes a record with the
 * same keys. Owns reading the requests and building the snapshots; does not know where values come from.
 */
import { expected } from './errors.js';
import { readDefinition, type Definition } from './definition.js';
import type { StatisticRequest, StatisticValue } from './statistic.js';

/**
 * The argument of `subscription$` and `peekAll$`: a non-empty array or record of requests. `S extends StatisticSet<S>` accepts
 * records that are typed by an interface, too.
 */
export type StatisticSet<S = never> =
  | readonly StatisticRequest[]
  | { readonly [key: string]: StatisticRequest }
  | (object & { readonly [K in keyof S]: StatisticRequest });

/** The snapshot that `subscription$` and `peekAll$` emit: the shape of the set, with a value in place of each request. */
export type Snapshot<S> = { readonly [K in keyof S]: StatisticValue };

/** A set that has been read: its members, and the function that builds a snapshot of their values. */
export interface SetShape<S> {
  /** In the caller's order. The same definition may occur several times. */
  readonly members: readonly Definition[];
  /** Builds the frozen snapshot from the members' values, given in the order of `members`. */
  readonly arrange: (values: readonly StatisticValue[]) => Snapshot<S>;
}

/**
 * Reads the definitions of a set.
 *
 * @throws StatisticsOptionError when the set is empty, or neither array nor record, or when a member is not usable.
 */
export function readSet<S>(definitions: S): SetShape<S> {
  const given: unknown = definitions;
  if (Array.isArray(given)) {
    const members = Array.from(given, (request: unknown, index) => readDefinition(request, `definitions[${index}]`));
    return { members: nonEmpty(members, given), arrange: (values) => Object.freeze([...values]) as unknown as Snapshot<S> };
  }
  if (typeof given !== 'object' || given === null || typeof (given as { objectId?: unknown }).objectId === 'string') {
    throw expected('definitions', given, 'a non-empty array or record of statistics');
  }
  const entries = Object.entries(given);
  const members = entries.map(([key, request]) => readDefinition(request, `definitions.${key}`));
  return {
    members: nonEmpty(members, given),
    // fromEntries defines own properties, so a key like `__proto__` stays a key.
    arrange: (values) => Object.freeze(Object.fromEntries(entries.map(([key], index) => [key, values[index]]))) as Snapshot<S>,
  };
}

function nonEmpty(members: Definition[], given: unknown): readonly Definition[] {
  if (members.length === 0) {
    throw expected('definitions', given, 'a non-empty array or record of statistics');
  }
  return members;
}
