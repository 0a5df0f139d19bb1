/** Wraps texts between words. Pure. */
import { cut } from './spans.js';

/** The most characters of a text that are shown. */
const longest = 2000;

/** Wraps a text into lines. A word that is too long gets its own line. */
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
