/**
 * The one retry layer, over p-retry: an attempt is made again for as long as `again` says so. What to wait for, and
 * whether, is all in `again`, since the wait may be a backoff, a server's hint or a new token.
 */
import pRetry from 'p-retry';
import { UnexpectedError } from '../model/errors.js';

/** Told each failure and its number from 1; waits as long as it takes and resolves whether to try again. */
export type Again = (error: Error, failures: number) => Promise<boolean>;

/**
 * @param attempt - rejects with an error of ours; a bug, such as a plain TypeError, is never tried again.
 * @returns what the attempt gave; rejects with the last failure once `again` says no.
 */
export function retry<T>(attempt: () => Promise<T>, again: Again): Promise<T> {
  return pRetry(attempt, {
    retries: Number.POSITIVE_INFINITY,
    minTimeout: 0,
    shouldRetry: ({ error, attemptNumber }) => !(error instanceof UnexpectedError) && again(error, attemptNumber),
  });
}

/**
 * The same where `again` has the last word on a failure.
 *
 * @returns `undefined` once `again` says no; rejects with what it was never asked about: a bug of ours, which must not pass for an end.
 */
export async function persist<T>(attempt: () => Promise<T>, again: Again): Promise<T | undefined> {
  let judged: unknown;
  try {
    return await retry(attempt, (error, failures) => again((judged = error), failures));
  } catch (error) {
    if (error !== judged) {
      throw error;
    }
    return undefined;
  }
}
