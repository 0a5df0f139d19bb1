/**
 * The target of a resource: what it shows, read from arguments that may be signals. Owns when two targets are the same. Knows
 * neither the client nor any resource.
 */
import type { StatisticRequest } from '../index.js';

/** A value, or a function that is read like a signal, in a reactive context: when what it reads changes, it is read again. */
export type Reactive<T> = T | (() => T);

/** What a resource shows, read once. */
export interface Target {
  /** Equal for two targets exactly if they ask for the same, whatever the order of their fields. */
  readonly key: string;
  /** The argument of `subscription$`; for one statistic a tuple of one. */
  readonly set: readonly StatisticRequest[] | { readonly [key: string]: StatisticRequest };
  /** It is one statistic, not a set. */
  readonly isSingle: boolean;
}

/** @param set - `undefined`: there is no target. */
export function targetOf(set: object | undefined, isSingle: boolean): Target | undefined {
  return set && { key: JSON.stringify(set, inOrder), set: set as Target['set'], isSingle };
}

export function read<T>(argument: Reactive<T>): T {
  return typeof argument === 'function' ? (argument as () => T)() : argument;
}

/** A replacer that writes the fields of every object in order. */
function inOrder(_: string, value: unknown): unknown {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
    : value;
}
