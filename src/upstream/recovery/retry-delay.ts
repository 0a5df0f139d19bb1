/** How long to wait before an attempt is repeated: our own backoff, the server's hint, or a person's repair. One rule for all requests. */
import { backoff } from '../../time/backoff.js';
import type { ClientContext } from '../context.js';
import { needsOperator, retryAfterOf } from './verdict.js';

/**
 * Milliseconds from a failure to the next attempt.
 *
 * @param failures - consecutive failures, this one included.
 * @param ceiling - milliseconds: a lower ceiling than usual for our own backoff.
 */
export function retryDelay({ clock, retryOptions }: Pick<ClientContext, 'clock' | 'retryOptions'>, error: unknown, failures: number, ceiling?: number): number {
  // Without this, a fleet of clients would keep repeating failed handshakes.
  const hint = needsOperator(error) ? retryOptions.maxTimeout : retryAfterOf(error);
  return backoff(retryOptions, failures, clock.random(), hint, ceiling);
}
