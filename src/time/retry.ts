/**
 * The one retry layer, over p-retry: an attempt is repeated as long as `shouldRetry` agrees. Every wait happens inside
 * `shouldRetry`, because the wait may be for a backoff, a server's hint or a new token.
 */
import pRetry from 'p-retry';
import { UnexpectedError } from '../model/errors.js';

/** Receives each failure and its number, from 1. Waits as long as necessary, then resolves whether to try again. */
export type ShouldRetry = (error: Error, failures: number) => Promise<boolean>;

/**
 * @param attempt - rejects with one of our own errors. A bug, such as a plain TypeError, is never retried.
 * @returns the result of the attempt. Rejects with the last failure once `shouldRetry` declines.
 */
export function retry<T>(attempt: () => Promise<T>, shouldRetry: ShouldRetry): Promise<T> {
  return pRetry(attempt, {
    retries: Number.POSITIVE_INFINITY,
    minTimeout: 0,
    shouldRetry: ({ error, attemptNumber }) => !(error instanceof UnexpectedError) && shouldRetry(error, attemptNumber),
  });
}

/**
 * Like {@link retry}, but resolves `undefined` once `shouldRetry` declines.
 *
 * @returns the result of the attempt, or `undefined`. Rejects with a failure that `shouldRetry` never received, because it is a bug.
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
