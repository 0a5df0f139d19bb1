/** The state of the client as a whole: the type of `health$`. */
import type { StatisticsError } from './errors.js';

/**
 * - `idle`: nobody is subscribed, nothing is open.
 * - `connecting`: the first subscription is being opened.
 * - `live`: every subscription answers.
 * - `degraded`: at least one subscription does not answer, and is tried again. With a `fallback`, also while peeks keep values
 *   live: then `lastError` is the reason, and `lastSuccessAt` advances.
 * - `unauthorized`: the server refuses the credentials; with a token, nothing is sent until there is another one.
 * - `closed`: `close()` was called.
 */
export type HealthStatus = 'idle' | 'connecting' | 'live' | 'degraded' | 'unauthorized' | 'closed';

/** A snapshot of the client's health. Times are epoch milliseconds. */
export interface Health {
  readonly status: HealthStatus;
  /** Number of server-side subscriptions that are open or being opened, including idle ones and peeks that replace one. */
  readonly upstreams: number;
  /** Number of distinct statistics in all `upstreams`. */
  readonly statistics: number;
  /** Number of RxJS subscriptions to `statistic$`, `subscription$` and the streams of their states. */
  readonly observers: number;
  /** The time of the last usable answer. */
  readonly lastSuccessAt?: number;
  /** The last failure; absent once everything is live again. */
  readonly lastError?: StatisticsError;
  /** The time of the next attempt while a subscription fails; never in the past. Absent while an attempt is under way. */
  readonly retryAt?: number;
}
