/**
 * The one retry layer, over p-retry: an attempt is repeated for as long as `shouldRetry` agrees. Every wait happens inside
 * `shouldRetry`, because it may be a backoff, a server's hint or a new token.
 */
import pRetry from 'p-retry';
import { UnexpectedError } from '../model/errors.js';

/** Receives each failure and its number from 1; waits for as long as necessary and resolves whether to try again. */
export type ShouldRetry = (error: Error, failures: number) => Promise<boolean>;

/**
 * @param attempt - rejects with one of our own errors; a bug, such as a plain TypeError, is never retried.
 * @returns the result of the attempt; rejects with the last failure once `shouldRetry` declines.
 */
export function retry<T>(attempt: () => Promise<T>, shouldRetry: ShouldRetry): Promise<T> {
  return pRetry(attempt, {
    retries: Number.POSITIVE_INFINITY,
    minTimeout: 0,
    shouldRetry: ({ error, attemptNumber }) => !(error instanceof UnexpectedError) && shouldRetry(error, attemptNumber),
  });
}

/**
 * The same, but a failure that `shouldRetry` declines is no rejection.
 *
 * @returns `undefined` once `shouldRetry` declines; rejects with a failure that it never saw, since that is a bug of ours.
 */
export async function persist<T>(attempt: () => Promise<T>, shouldRetry: ShouldRetry): Promise<T | undefined> {
  let judged: unknown;
  try {
    return await retry(attempt, (error, failures) => shouldRetry((judged = error), failures));
  } catch (error) {
    if (error !== judged) {
      throw error;
    }
    return undefined;
  }
}
