/**
 * Secrets that tests use: each carries one mark, so that a single search finds any of them wherever it should not be. The
 * mark is letters and digits, which no encoder changes, and is put together here alone, so that no listing of a source holds it.
 */

/** In every secret, and nowhere else. */
export const mark = ['canary', '7f3a'].join('');

/** A secret; `what` tells it from others, and may hold whatever characters matter. */
export function canary(what: string): string {
  return `${mark}-${what}`;
}
