/** Tables that fit a width: columns never touch, and the least important ones are left out. Knows nothing of their contents. */
import { cut, cutLine, type Line, type Span } from './spans.js';

export interface Column {
  readonly title: string;
  /** The least width. A column is wider where a cell needs it. */
  readonly width: number;
  /** Columns with high ranks are left out first; those of rank 0 never are. */
  readonly rank: number;
  readonly left?: boolean;
}

/** A cell for each column, or the first cell and a remark that takes the rest of the line. */
export type TableRow = readonly Span[] | { readonly name: Span; readonly remark: Span };

const gap = 2;
const blank: Span = { text: '' };

export function table(columns: readonly Column[], rows: readonly TableRow[], width: number): Line[] {
  const cells = rows.filter((row): row is readonly Span[] => Array.isArray(row));
  const names = rows.map((row) => ('name' in row ? row.name : (row[0] ?? blank)));
  const widths = columns.map((column, index) =>
    Math.max(column.width, column.title.length, ...(index === 0 ? names : cells.map((row) => row[index] ?? blank)).map(({ text }) => text.length)),
  );
  const kept = columns.map((_, index) => index);
  const total = (): number => kept.reduce((sum, index) => sum + (widths[index] ?? 0) + gap, -gap);
  for (let last = highest(columns, kept); total() > width && last !== undefined; last = highest(columns, kept)) {
    kept.splice(kept.indexOf(last), 1);
  }
  widths[0] = Math.max(4, (widths[0] ?? 0) - Math.max(0, total() - width));
  const place = ({ text, colour }: Span, index: number): Span => {
    const columnWidth = widths[index] ?? 0;
    const fitted = cut(text, columnWidth);
    return { text: columns[index]?.left === true ? fitted.padEnd(columnWidth) : fitted.padStart(columnWidth), colour };
  };
  const line = (row: readonly Span[]): Line =>
    cutLine(kept.flatMap((index, position) => [...(position === 0 ? [] : [{ text: ' '.repeat(gap) }]), place(row[index] ?? blank, index)]), width);
  return [
    line(columns.map(({ title }): Span => ({ text: title, colour: 'gray' }))),
    ...rows.map((row) => ('name' in row ? cutLine([place(row.name, 0), { text: ' '.repeat(gap) }, row.remark], width) : line(row))),
  ];
}

function highest(columns: readonly Column[], kept: readonly number[]): number | undefined {
  const candidates = kept.filter((index) => (columns[index]?.rank ?? 0) > 0);
  return candidates.length === 0 ? undefined : candidates.reduce((a, b) => ((columns[b]?.rank ?? 0) > (columns[a]?.rank ?? 0) ? b : a));
}
