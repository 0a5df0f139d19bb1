/**
 * Limits the structure of a text before it is parsed. The limit of a body in bytes is not enough: a parsed `[` takes forty times
 * its size, so 16 MiB of brackets would take 600 MB and end the process. Knows nothing of the text's meaning.
 */

/** Texts up to this size are parsed unchecked: none of them takes more than about 40 MB. Few answers are larger. */
export const worthLooking = 1024 * 1024;
/**
 * A text may hold one object or list per this number of characters. Real answers hold far fewer: the shortest useful statistic has
 * two in about 80 characters.
 */
const charactersPerContainer = 8;

/**
 * Whether parsing a text takes at most about ten times its own memory. Counts brackets inside strings too, because `indexOf`
 * finds brackets much faster than any code that skips strings.
 */
export function isParsable(text: string): boolean {
  if (text.length <= worthLooking) {
    return true;
  }
  let left = Math.floor(text.length / charactersPerContainer);
  for (const bracket of '{[') {
    for (let at = text.indexOf(bracket); at >= 0; at = text.indexOf(bracket, at + 1)) {
      left--;
      if (left < 0) {
        return false;
      }
    }
  }
  return true;
}
