/**
 * How much structure a text may hold before it is parsed. The body's limit is in bytes, but a parsed `[` takes forty times
 * its size: 16 MiB of brackets would take 600 MB, and the process with them. Knows nothing of what the text says.
 */

/** A text up to this size is parsed as it is: whatever it holds takes some 40 MB at most. Few answers are larger. */
export const worthLooking = 1024 * 1024;
/** The shortest statistic that says anything has two objects in some 80 characters. */
const charactersPerContainer = 8;

/**
 * Whether parsing a text takes no more than some ten times its own memory. Counts brackets wherever they stand, in strings,
 * too: the platform finds them much faster than anybody could look at what is a string.
 */
export function isParsable(text: string): boolean {
  if (text.length <= worthLooking) {
    return true;
  }
  let left = text.length / charactersPerContainer;
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
