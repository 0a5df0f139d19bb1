/**
 * How long to wait before an attempt is repeated: our own backoff, the server's hint, or a person's repair; and how much
 * longer, so that not all who were given the same hint come back in the same instant. One rule for all requests.
 */
import { backoff } from '../../time/backoff.js';
import type { ClientContext } from '../context.js';
import { needsOperator, retryAfterOf } from './verdict.js';

/** The share of an interval over which requests spread that a Retry-After has held back. */
const spreadShare = 1 / 2;

/** Milliseconds, drawn by each request for itself, between the end of a Retry-After and the request. */
export function spread({ clock, retryOptions }: Pick<ClientContext, 'clock' | 'retryOptions'>, interval: number): number {
  return clock.random() * spreadShare * Math.min(interval, retryOptions.maxTimeout);
}

/**
 * Milliseconds from a failure to the next attempt.
 *
 * @param failures - consecutive failures, this one included.
 * @param interval - milliseconds between requests of this kind, of which a share is added at random to the server's hint.
 * @param ceiling - milliseconds: a lower ceiling than usual for our own backoff.
 */
export function retryDelay({ clock, retryOptions }: Pick<ClientContext, 'clock' | 'retryOptions'>, error: unknown, failures: number, interval: number, ceiling?: number): number {
  // Without this, a fleet of clients would keep repeating failed handshakes.
  const hint = needsOperator(error) ? retryOptions.maxTimeout : retryAfterOf(error);
  const delay = backoff(retryOptions, failures, clock.random(), hint, ceiling);
  return (retryAfterOf(error) ?? 0) > 0 ? delay + spread({ clock, retryOptions }, interval) : delay;
}
