/**
 * Bounds the structure of a text before it is parsed. A body is limited in bytes, but a parsed `[` takes forty times its
 * size: 16 MiB of brackets would take 600 MB and end the process. Knows nothing of the text's meaning.
 */

/** Texts up to this size are parsed unchecked, since no text of this size takes more than some 40 MB. Few answers are larger. */
export const worthLooking = 1024 * 1024;
/** The shortest statistic that says anything has two objects in some 80 characters. */
const charactersPerContainer = 8;

/**
 * Whether parsing a text takes at most some ten times its own memory. Counts brackets inside strings, too: the platform finds
 * brackets much faster than any code could tell strings apart.
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
