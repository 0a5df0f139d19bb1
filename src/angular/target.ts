/**
 * The target of a resource: the statistics that it shows, read from arguments that may be signals. Owns the comparison of targets.
 * Knows neither the client nor any resource.
 */
import type { StatisticRequest } from '../index.js';

/**
 * A value; or a signal, or a function that reads signals. A function is called in a reactive context, and again when a signal that it
 * read changes.
 */
export type Reactive<T> = T | (() => T);

/** The statistics that a resource shows. */
export interface Target {
  /** Equal for two targets exactly if they ask for the same, whatever the order of their fields. */
  readonly key: string;
  /** The argument of `subscription$`. A single statistic is a tuple of one. */
  readonly set: readonly StatisticRequest[] | { readonly [key: string]: StatisticRequest };
  /** Whether it is one statistic, not a set. */
  readonly isSingle: boolean;
}

/** @param set - `undefined`: there is no target. */
export function targetOf(set: object | undefined, isSingle: boolean): Target | undefined {
  return set && { key: JSON.stringify(set, inOrder), set: set as Target['set'], isSingle };
}

export function read<T>(argument: Reactive<T>): T {
  return typeof argument === 'function' ? (argument as () => T)() : argument;
}

/** A replacer for `JSON.stringify` that sorts the fields of every object. */
function inOrder(_: string, value: unknown): unknown {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
    : value;
}
