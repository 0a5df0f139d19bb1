/**
 * The one retry layer, over p-retry: an attempt is made again for as long as `again` says so. What to wait for, and
 * whether, is all in `again`, since the wait may be a backoff, a server's hint or a new token.
 */
import pRetry from 'p-retry';

/**
 * @param attempt - rejects with an error of ours; a plain TypeError is a bug and is never tried again.
 * @param again - told each failure and its number from 1; waits as long as it takes and resolves whether to try again.
 * @returns what the attempt gave; rejects with the last failure once `again` says no.
 */
export function retry<T>(attempt: () => Promise<T>, again: (error: Error, failures: number) => Promise<boolean>): Promise<T> {
  return pRetry(attempt, {
    retries: Number.POSITIVE_INFINITY,
    minTimeout: 0,
    shouldRetry: ({ error, attemptNumber }) => again(error, attemptNumber),
  });
}
