/**
 * The secrets that tests use. Each contains the same mark, so that a single search finds any of them. The mark consists of letters
 * and digits, which no encoder changes. It is put together only here, so that no listing of a source contains it.
 */

/** The mark, which is in every secret and nowhere else. */
export const mark = ['canary', '7f3a'].join('');

/** Makes a secret. `what` distinguishes it from others, and may contain special characters. */
export function canary(what: string): string {
  return `${mark}-${what}`;
}
