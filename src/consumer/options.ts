/** The options every consumer of a stream shares, and their check. Knows nothing of what is done with them. */
import { inspect } from 'node:util';
import { isObservable } from 'rxjs';
import { StatisticsOptionError } from '../index.js';
import type { BackPressure } from './queue.js';

/** Options of `toAsyncIterable` and `toReadable`. An explicit `undefined` means the default. */
export interface ConsumerOptions {
  /**
   * What happens to values that come faster than they are consumed.
   *
   * @defaultValue `'latest'`
   */
  readonly backPressure?: BackPressure | undefined;
  /** Ends the consumption with its `reason`, dropping what was not consumed. None by default. */
  readonly signal?: AbortSignal | undefined;
}

/** The options, checked and complete. */
export interface CheckedOptions {
  readonly backPressure: BackPressure;
  readonly signal: AbortSignal | undefined;
}

/** @throws StatisticsOptionError naming the option, its value and what was expected. */
export function readConsumerOptions(observable: unknown, options: unknown): CheckedOptions {
  if (!isObservable(observable)) {
    throw unfit('observable', observable, 'an RxJS observable');
  }
  if (typeof options !== 'object' || options === null) {
    throw unfit('options', options, 'an object');
  }
  const { backPressure = 'latest', signal } = options as { backPressure?: unknown; signal?: unknown };
  if (signal !== undefined && !isSignal(signal)) {
    throw unfit('signal', signal, 'an AbortSignal');
  }
  return { backPressure: readBackPressure(backPressure), signal };
}

/** By its shape, since a signal may be of another realm, or a polyfill's. */
function isSignal(value: unknown): value is AbortSignal {
  const { aborted, addEventListener, removeEventListener } = (value ?? {}) as Partial<AbortSignal>;
  return typeof aborted === 'boolean' && typeof addEventListener === 'function' && typeof removeEventListener === 'function';
}

function readBackPressure(value: unknown): BackPressure {
  if (value === 'latest' || value === 'all') {
    return value;
  }
  if (typeof value !== 'object' || value === null || !('buffer' in value)) {
    throw unfit('backPressure', value, "'latest', 'all' or { buffer: n }");
  }
  const { buffer } = value;
  if (typeof buffer !== 'number' || !Number.isSafeInteger(buffer) || buffer < 1) {
    throw unfit('backPressure.buffer', buffer, 'a whole number from 1');
  }
  return { buffer };
}

/** An option error that names the option, the value and what was expected. */
export function unfit(option: string, value: unknown, what: string): StatisticsOptionError {
  const shown = inspect(value, { depth: 0, breakLength: Infinity, maxStringLength: 80, maxArrayLength: 3 });
  return new StatisticsOptionError(`${option} must be ${what}, got ${shown}`, option);
}
