/** Texts as lines of whole words. Pure. */
import { cut } from './spans.js';

/** Of a longer text only this many characters are shown. */
const longest = 2000;

/** Lines of whole words. A word that is too long has a line of its own. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of cut(text, longest).split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else {
      lines.push(word);
    }
  }
  return lines;
}
