/** Reads the arguments of the client's streams once, in the call that makes the stream, so that a mistake throws there. */
import { readDefinition, type Definition } from './model/definition.js';
import { expected } from './model/errors.js';
import type { Snapshot } from './model/snapshot.js';
import type { Distinct, StatisticObject } from './model/statistic.js';
import { maxDelay } from './time/clock.js';

/** Options of one `statistic$`. */
export interface StatisticOptions {
  /** Returns whether `b` is equal to `a`, the last value emitted, and need not be emitted. Replaces deep equality of `value`. */
  readonly distinct?: Distinct | undefined;
  /**
   * Milliseconds between two polls for this observer, while values change: 1 to 2^31-1. If observers share an upstream, the
   * shortest interval wins. @defaultValue `poll.interval`
   */
  readonly interval?: number | undefined;
}

/** Options of one `subscription$`. */
export interface SubscriptionOptions<S> {
  /** Returns whether `b` is equal to `a`, the last snapshot emitted, and need not be emitted. Called only if a member has changed. */
  readonly distinct?: ((a: Snapshot<S>, b: Snapshot<S>) => boolean) | undefined;
  /** See {@link StatisticOptions}. @defaultValue `poll.interval` */
  readonly interval?: number | undefined;
}

/** @throws StatisticsOptionError for an unusable name, inline definition or object. */
export function readStatistic(name: unknown, object: unknown): Definition {
  if (typeof object !== 'object' || object === null || Array.isArray(object)) {
    throw expected('object', object, 'an object with objectId and objectType');
  }
  const { objectId, objectType } = object as Partial<StatisticObject>;
  return readDefinition({ name, objectId, objectType });
}

const noOptions = { distinct: undefined, interval: undefined };

/** @throws StatisticsOptionError for an unusable option. */
export function readStreamOptions<F>(
  options: { readonly distinct?: F | undefined; readonly interval?: number | undefined } | undefined,
): { readonly distinct: F | undefined; readonly interval: number | undefined } {
  if (options === undefined) {
    return noOptions;
  }
  if (typeof options !== 'object' || (options as unknown) === null) {
    throw expected('options', options, 'an object');
  }
  // Own properties only, so that a polluted Object.prototype adds no option.
  const { distinct, interval } = Object.assign(Object.create(null) as NonNullable<typeof options>, options);
  if (distinct !== undefined && typeof distinct !== 'function') {
    throw expected('options.distinct', distinct, 'a function of two values');
  }
  if (interval !== undefined && !(typeof interval === 'number' && interval >= 1 && interval <= maxDelay)) {
    throw expected('options.interval', interval, `a finite number from 1 to ${maxDelay}`);
  }
  return { distinct, interval };
}
