/** Tables that fit a width: columns never touch, and the least important ones are left out. Does not know what they are about. */
import { cutLine, widthOf, type Line, type Span } from './spans.js';

export interface Column {
  readonly title: string;
  /** The smallest width. A column is wider if a cell needs it. */
  readonly width: number;
  /** Columns with high ranks are left out first; those of rank 0 never are. */
  readonly rank: number;
  readonly left?: boolean;
  /** Whether its texts are cut if the columns of rank 0 are too wide. If no column shrinks, the first one does. */
  readonly shrinks?: boolean;
}

/** A text, or several in different colours. */
export type Cell = Span | Line;

/** A cell for each column; or the first cells, and a remark that takes the rest of the line. */
export type TableRow = readonly Cell[] | RemarkedRow;

interface RemarkedRow {
  readonly cells: readonly Cell[];
  readonly remark: Span;
}

const gap = 2;
const narrowest = 4;
const blank: Span = { text: '' };

export function table(columns: readonly Column[], rows: readonly TableRow[], width: number): Line[] {
  const widths = columns.map((column, index) =>
    Math.max(column.width, column.title.length, ...rows.map((row) => widthOf(lineOf((isRemarked(row) ? row.cells : row)[index] ?? blank)))),
  );
  const kept = fitting(columns, widths, width);
  shrink(columns, kept, widths, width);
  const place = (cell: Cell, index: number): Line => {
    const columnWidth = widths[index] ?? 0;
    const fitted = cutLine(lineOf(cell), columnWidth);
    const space = { text: ' '.repeat(columnWidth - widthOf(fitted)) };
    return columns[index]?.left === true ? [...fitted, space] : [space, ...fitted];
  };
  const line = (cells: readonly Cell[], upTo = columns.length): Line =>
    kept.filter((index) => index < upTo).flatMap((index, position) => [...(position === 0 ? [] : [{ text: ' '.repeat(gap) }]), ...place(cells[index] ?? blank, index)]);
  return [
    line(columns.map(({ title }): Span => ({ text: title, colour: 'gray' }))),
    ...rows.map((row) => (isRemarked(row) ? [...line(row.cells, row.cells.length), { text: ' '.repeat(gap) }, row.remark] : line(row))),
  ].map((each) => cutLine(each, width));
}

const isRemarked = (row: TableRow): row is RemarkedRow => 'cells' in row;
const lineOf = (cell: Cell): Line => ('text' in cell ? [cell] : cell);

/** The columns that fit, chosen by rank. A less important column may fit although a wider, more important one does not. */
function fitting(columns: readonly Column[], widths: readonly number[], width: number): number[] {
  const kept: number[] = [];
  let used = -gap;
  for (const index of columns.map((_, each) => each).sort((a, b) => (columns[a]?.rank ?? 0) - (columns[b]?.rank ?? 0))) {
    const needed = (widths[index] ?? 0) + gap;
    if (columns[index]?.rank === 0 || used + needed <= width) {
      kept.push(index);
      used += needed;
    }
  }
  return kept.sort((a, b) => a - b);
}

/** Narrows the widest columns that may shrink, until the table fits. */
function shrink(columns: readonly Column[], kept: readonly number[], widths: number[], width: number): void {
  const shrinking = kept.filter((index) => columns[index]?.shrinks === true);
  const candidates = shrinking.length > 0 ? shrinking : [0];
  for (let excess = kept.reduce((sum, index) => sum + (widths[index] ?? 0) + gap, -gap) - width; excess > 0; excess--) {
    const widest = candidates.reduce((a, b) => ((widths[b] ?? 0) > (widths[a] ?? 0) ? b : a));
    if ((widths[widest] ?? 0) <= narrowest) {
      return;
    }
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
}
