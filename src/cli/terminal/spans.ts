/** Lines of text with colours and known widths. Owns the cutting and painting of texts. Knows nothing of terminals. */
import { styleText } from 'node:util';
import { plain } from './plain.js';

export type Colour = 'green' | 'yellow' | 'red' | 'cyan' | 'gray' | 'bold';

/** A piece of a line. Its width is that of its text. */
export interface Span {
  readonly text: string;
  readonly colour?: Colour | undefined;
}

export type Line = readonly Span[];

export const widthOf = (line: Line): number => line.reduce((sum, { text }) => sum + text.length, 0);

export function paint(line: Line, color: boolean): string {
  return line.map(({ text, colour }) => (color && colour !== undefined ? styleText(colour, text, { validateStream: false }) : text)).join('');
}

/** Makes a text harmless and no wider than `width`. Every text from outside passes here on its way into a line. */
export function cut(text: string, width: number): string {
  const clean = plain(text).replaceAll('\n', ' ');
  return clean.length > width ? `${clean.slice(0, Math.max(0, width - 1))}${width > 0 ? '~' : ''}` : clean;
}

/** The first `width` columns of a line, without trailing blanks. */
export function cutLine(line: Line, width: number): Line {
  const fitted: Span[] = [];
  let room = width;
  for (const { text, colour } of line) {
    fitted.push({ text: cut(text, room), colour });
    room -= Math.min(room, text.length);
  }
  while (fitted.at(-1)?.text.trimEnd() === '') {
    fitted.pop();
  }
  const last = fitted.pop();
  return last === undefined ? [] : [...fitted, { ...last, text: last.text.trimEnd() }];
}
