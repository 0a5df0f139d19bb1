/** How long to wait after a failure: pure, from attempt and hint to delay. Knows nothing of what failed. */

export interface BackoffOptions {
  /** Milliseconds: the ceiling after the first failure. */
  readonly minTimeout: number;
  /** Milliseconds: the ceiling however many failed, and the most that a server's hint can ask for. */
  readonly maxTimeout: number;
  /** Growth of the ceiling per failure. */
  readonly factor: number;
}

/**
 * Full jitter between a tenth of `minTimeout` and a ceiling that grows with `attempt` (from 1). A server's `retryAfter`
 * raises it, never shortens it, and is capped too: no server can silence a client for a day.
 */
export function backoff(
  { minTimeout, maxTimeout, factor }: BackoffOptions,
  attempt: number,
  random: number,
  retryAfter = 0,
): number {
  const ceiling = Math.min(maxTimeout, minTimeout * factor ** (attempt - 1));
  const own = Math.max(minTimeout / 10, random * ceiling);
  return Math.min(maxTimeout, Math.max(own, retryAfter));
}

/**
 * Reads a `Retry-After` header: whole seconds or an HTTP date. Anything else is no hint.
 *
 * @returns milliseconds from `now` (epoch milliseconds), never negative; `undefined` where there is no usable hint.
 */
export function parseRetryAfter(header: string | undefined, now: number): number | undefined {
  const text = header?.trim() ?? '';
  if (/^\d{1,15}$/.test(text)) {
    return Number(text) * 1000;
  }
  // An HTTP date starts with a day's name; Date.parse alone would take far too much for a date.
  const date = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? /.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
