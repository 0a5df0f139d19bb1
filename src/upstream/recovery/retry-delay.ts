/**
 * The delay before a request is repeated: our own backoff, the server's Retry-After, or the longest wait if a person has to
 * repair something. Adds a random part, so that clients with the same Retry-After do not return at once. One rule for all requests.
 */
import { backoff } from '../../time/backoff.js';
import type { ClientContext } from '../context.js';
import { needsOperator, retryAfterOf } from './verdict.js';

/** Requests that a Retry-After has delayed spread over this share of an interval. */
const spreadShare = 1 / 2;

/** Random milliseconds between the end of a Retry-After and a request. Each request draws its own. */
export function spread({ clock, retryOptions }: Pick<ClientContext, 'clock' | 'retryOptions'>, interval: number): number {
  return clock.random() * spreadShare * Math.min(interval, retryOptions.maxTimeout);
}

/**
 * Milliseconds from a failure to the next attempt.
 *
 * @param failures - consecutive failures, this one included.
 * @param interval - milliseconds between requests of this kind. A random share of the interval is added to a Retry-After.
 * @param ceiling - milliseconds: a lower limit than usual for our own backoff.
 */
export function retryDelay({ clock, retryOptions }: Pick<ClientContext, 'clock' | 'retryOptions'>, error: unknown, failures: number, interval: number, ceiling?: number): number {
  // A certificate that is not trusted needs a person. Without the longest wait, a fleet of clients would keep repeating handshakes.
  const hint = needsOperator(error) ? retryOptions.maxTimeout : retryAfterOf(error);
  const delay = backoff(retryOptions, failures, clock.random(), hint, ceiling);
  return (retryAfterOf(error) ?? 0) > 0 ? delay + spread({ clock, retryOptions }, interval) : delay;
}
