/** The delay after a failure. Pure: computed from the number of the attempt and a hint. Knows nothing of the cause. */

export interface BackoffOptions {
  /** Milliseconds: the ceiling after the first failure. */
  readonly minTimeout: number;
  /** Milliseconds: the ceiling after any number of failures, and the longest delay that a server's hint can cause. */
  readonly maxTimeout: number;
  /** Growth of the ceiling per failure. */
  readonly factor: number;
}

/**
 * Full jitter between a tenth of `minTimeout` and a ceiling that grows with `attempt` (from 1). The server's `hint` can
 * lengthen the delay but never shorten it. It is capped as well, so that no server silences a client for a day.
 *
 * @param ceiling - milliseconds: a lower ceiling than usual, for an early second attempt.
 */
export function backoff(
  { minTimeout, maxTimeout, factor }: BackoffOptions,
  attempt: number,
  random: number,
  hint = 0,
  ceiling = Number.POSITIVE_INFINITY,
): number {
  const highest = Math.min(maxTimeout, minTimeout * factor ** (attempt - 1), ceiling);
  const own = Math.max(shortestWait(minTimeout), random * highest);
  return Math.min(maxTimeout, Math.max(own, hint));
}

/** Milliseconds: the shortest delay between two attempts, even if a circuit breaker shortens it. */
export function shortestWait(minTimeout: number): number {
  return minTimeout / 10;
}

/**
 * Reads a `Retry-After` header: whole seconds or an HTTP date. Anything else is not a hint.
 *
 * @returns milliseconds from `now` (epoch milliseconds), never negative; `undefined` without a usable hint.
 */
export function parseRetryAfter(header: string | undefined, now: number): number | undefined {
  const text = header?.trim() ?? '';
  if (/^\d{1,15}$/.test(text)) {
    return Number(text) * 1000;
  }
  // An HTTP date starts with the name of a day; Date.parse alone accepts far too much.
  const date = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? /.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
