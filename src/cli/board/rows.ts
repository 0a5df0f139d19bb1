/** The staleness and the refusals of rows, for queues and agents alike, and how they look. Pure. */
import type { Figure } from '../live/figure.js';
import { shortReasonOf } from '../live/live.js';
import type { Line, Span } from '../terminal/spans.js';
import type { Cell, TableRow } from '../terminal/table.js';
import { coarseAge } from '../terminal/texts.js';
import type { Row } from './board.js';

const figuresOf = (row: Row<string>): Figure[] => Object.values(row.figures);

/** Epoch milliseconds of the last answer about a row; `undefined` unless one of its figures is stale. */
export function confirmedAtOf(row: Row<string>): number | undefined {
  const times = figuresOf(row).flatMap(({ confirmedAt }) => confirmedAt ?? []);
  return times.length === 0 ? undefined : Math.min(...times);
}

/** `stale 25s`, or an empty text. */
export function ageOf(row: Row<string>, now: number): string {
  const confirmedAt = confirmedAtOf(row);
  return confirmedAt === undefined ? '' : `stale ${coarseAge(now - confirmedAt)}`;
}

/** The cells of a row, all in gray if it is stale. Its last numbers stay. */
export function dimmedIfStale(row: Row<string>, cells: readonly Cell[]): Cell[] {
  return confirmedAtOf(row) === undefined ? [...cells] : cells.map((cell): Cell => ('text' in cell ? gray(cell) : cell.map(gray)));
}

const gray = ({ text }: Span): Span => ({ text, colour: 'gray' });

/** The row with the reason instead of its numbers, if all of its statistics are refused. */
export function refusalOf(row: Row<string>): TableRow | undefined {
  const figures = figuresOf(row);
  const error = figures.every(({ status }) => status === 'failed') ? figures[0]?.error : undefined;
  return error === undefined ? undefined : { cells: [{ text: row.label }], remark: { text: `refused: ${shortReasonOf(error)}`, colour: 'red' } };
}

/** A line for each refused statistic of rows whose other statistics are live. */
export function partialRefusals(rows: readonly Row<string>[]): Line[] {
  const refused = new Map<string, { count: number; reason: string }>();
  for (const row of rows.filter((each) => refusalOf(each) === undefined)) {
    for (const { name, status, error, type } of figuresOf(row)) {
      // The statistics of a refused KPI have their own lines.
      if (status === 'failed' && error !== undefined && type === 'statistic') {
        refused.set(name, { count: (refused.get(name)?.count ?? 0) + 1, reason: shortReasonOf(error) });
      }
    }
  }
  return [...refused].map(([name, { count, reason }]) => [{ text: `${name} refused${count > 1 ? ` for ${count} rows` : ''}: ${reason}`, colour: 'red' }]);
}

export const numberIn = ({ reading }: Figure): number | null => reading?.number ?? null;
