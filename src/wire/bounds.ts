/**
 * How much structure a text may hold before it is parsed. The body's limit is in bytes, but a parsed `[` takes forty times
 * its size: 16 MiB of brackets would take 600 MB, and the process with them. Knows nothing of what the text says.
 */

/** A text up to this size is parsed as it is: whatever it holds takes some 40 MB at most. Few answers are larger. */
const worthLooking = 1024 * 1024;
/** The shortest statistic that says anything has two objects in some 80 characters. */
const charactersPerContainer = 8;
/** Values may nest 64 levels deep (see freeze.ts), and a few lie around them. */
const maxDepth = 72;

const [quote, backslash, openBrace, closeBrace, openBracket, closeBracket] = Array.from('"\\{}[]', (character) => character.charCodeAt(0)) as [
  number, number, number, number, number, number,
];

/** Whether parsing a text cannot take much more memory than the text itself. */
export function isParsable(text: string): boolean {
  if (text.length <= worthLooking) {
    return true;
  }
  let left = text.length / charactersPerContainer;
  let depth = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === quote) {
      index = endOfString(text, index);
    } else if (code === openBrace || code === openBracket) {
      left--;
      depth++;
      if (left < 0 || depth > maxDepth) {
        return false;
      }
    } else if (code === closeBrace || code === closeBracket) {
      depth--;
    }
  }
  return true;
}

/** The place of the quote that ends the string which begins at `at`; the text's end where none does. */
export function endOfString(text: string, at: number): number {
  for (let index = at + 1; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === backslash) {
      index++;
    } else if (code === quote) {
      return index;
    }
  }
  return text.length;
}
