/** The options that all consumers of a stream share, and their checks. Knows nothing of their effects. */
import { isObservable } from 'rxjs';
import { objectWith, unfit } from '../checks/arguments.js';
import type { BackPressure } from './queue.js';

/** Options of `toAsyncIterable`, `toReadable` and `toWebStream`. An explicit `undefined` means the default. */
export interface ConsumerOptions<T = unknown> {
  /**
   * The rule for values that arrive faster than they are consumed.
   *
   * @defaultValue `'latest'`
   */
  readonly backPressure?: BackPressure<T> | undefined;
  /**
   * Called at most once a second, and at the end of the stream. Gets the number of values that were dropped, or replaced by newer
   * ones, since the last call. Values that still wait when the consumer leaves count as dropped.
   */
  readonly onDrop?: ((count: number) => void) | undefined;
  /** Aborting it ends the consumption with its `reason`, and drops the values that were not consumed. None by default. */
  readonly signal?: AbortSignal | undefined;
}

/** The options after the check, with their defaults. */
export interface CheckedOptions<T> {
  readonly backPressure: BackPressure<T>;
  readonly onDrop: ((count: number) => void) | undefined;
  readonly signal: AbortSignal | undefined;
}

/** @throws StatisticsOptionError naming the option, its value and what was expected. */
export function readConsumerOptions<T>(observable: unknown, options: unknown): CheckedOptions<T> {
  if (!isObservable(observable)) {
    throw unfit('observable', observable, 'an RxJS observable');
  }
  const { backPressure, onDrop, signal } = objectWith('options', options, ['backPressure', 'onDrop', 'signal']);
  if (onDrop !== undefined && typeof onDrop !== 'function') {
    throw unfit('onDrop', onDrop, 'a function of a number');
  }
  if (signal !== undefined && !isSignal(signal)) {
    throw unfit('signal', signal, 'an AbortSignal');
  }
  return { backPressure: readBackPressure(backPressure === undefined ? 'latest' : backPressure), onDrop: onDrop as ((count: number) => void) | undefined, signal };
}

/** Checks the shape instead of the class, because a signal may come from another realm or a polyfill. */
function isSignal(value: unknown): value is AbortSignal {
  const { aborted, addEventListener, removeEventListener } = (value ?? {}) as Partial<AbortSignal>;
  return typeof aborted === 'boolean' && typeof addEventListener === 'function' && typeof removeEventListener === 'function';
}

function readBackPressure<T>(value: unknown): BackPressure<T> {
  if (value === 'latest' || value === 'all') {
    return value;
  }
  const rule = typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
  const { buffer, latestBy } = rule;
  if ('buffer' in rule && latestBy === undefined) {
    if (typeof buffer !== 'number' || !Number.isSafeInteger(buffer) || buffer < 1) {
      throw unfit('backPressure.buffer', buffer, 'a whole number from 1');
    }
    return { buffer };
  }
  if (latestBy === undefined || buffer !== undefined) {
    throw unfit('backPressure', value, "'latest', 'all', { buffer: n } or { latestBy: (item) => key }");
  }
  if (typeof latestBy !== 'function') {
    throw unfit('backPressure.latestBy', latestBy, 'a function of an item');
  }
  return { latestBy: latestBy as (item: T) => string };
}
