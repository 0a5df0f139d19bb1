/** How the client as a whole is doing: the type of `health$`. */
import type { StatisticsError } from './errors.js';

/**
 * - `idle`: nobody is subscribed, nothing is open.
 * - `connecting`: the first subscription is being opened.
 * - `live`: every subscription answers.
 * - `degraded`: at least one does not, and is tried again. With a `fallback` also while peeks keep values live: `lastError`
 *   says why, and `lastSuccessAt` moves.
 * - `unauthorized`: the credentials are refused; nothing is sent until there are others.
 * - `closed`: `close()` was called.
 */
export type HealthStatus = 'idle' | 'connecting' | 'live' | 'degraded' | 'unauthorized' | 'closed';

/** A snapshot of the client's health. Times are epoch milliseconds. */
export interface Health {
  readonly status: HealthStatus;
  /** Server-side subscriptions that are open or being opened, idle ones included, and what stands in for them. */
  readonly upstreams: number;
  /** Distinct statistics in them. */
  readonly statistics: number;
  /** Subscriptions of the program: `statistic$`, `statisticState$` and `subscription$`. */
  readonly observers: number;
  /** When a usable answer last came. */
  readonly lastSuccessAt?: number;
  /** The last failure, until something lives again. */
  readonly lastError?: StatisticsError;
  /** When the next attempt of any subscription is due, while something fails; never in the past. Absent while one is under way. */
  readonly retryAt?: number;
}
