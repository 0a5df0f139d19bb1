/** Draws figures as a table, for `watch` and `kpi`. Pure, so that tests see the lines of a terminal. */
import { cutLine, type Colour, type Line, type Span } from '../terminal/spans.js';
import type { Canvas } from '../terminal/show.js';
import { sparkline } from '../terminal/sparkline.js';
import { table, type Column, type TableRow } from '../terminal/table.js';
import { coarseAge, inUnit } from '../terminal/texts.js';
import type { Figure } from './figure.js';
import { shortReasonOf, type Live } from './live.js';
import { statusLines } from './status-line.js';
import { cellsOf } from './trend.js';

/** A line of the table. `counts`: whether it is the row of a figure, and not a heading. */
interface TableLine {
  readonly line: Line;
  readonly counts: boolean;
}

const trendWidth = 10;
/** On screens with fewer columns, reasons are printed below the table instead of in their rows. */
const reasonsNeed = 60;
const mostReasons = 2;

/** Draws at most `rows` lines. If rows do not fit, the last line gives their number. */
export function drawFigures(live: Live, title: string, canvas: Canvas): Line[] {
  const { columns, rows, now } = canvas;
  const head: Line[] = [...statusLines(live, now, columns), [{ text: title, colour: 'gray' }], ...(rows > 12 ? [[]] : [])];
  const body = bodyOf(live.figures, canvas);
  const reasons = columns < reasonsNeed ? reasonsOf(live.figures).slice(0, mostReasons) : [];
  const room = Math.max(2, rows - head.length - reasons.length);
  const fits = body.length <= room;
  const shown = fits ? body : body.slice(0, room - 1);
  const hidden = live.figures.length - shown.filter(({ counts }) => counts).length;
  const below: Line[] = [...(fits ? [] : [[{ text: `and ${hidden} more`, colour: 'gray' as const }]]), ...reasons];
  return [...head, ...shown.map(({ line }) => line), ...below].map((line) => cutLine(line, columns)).slice(0, Math.max(1, rows));
}

/** The title: the name or the object, if all figures share it, and the server. */
export function commonTitle(figures: readonly Figure[], source: string): string {
  const names = [...new Set(figures.map(({ name }) => name))];
  const objects = [...new Set(figures.map(objectOf))];
  const common = [...(names.length === 1 ? names : []), ...(objects.length === 1 ? objects : [])];
  return `${common.length === 0 ? 'Statistics' : common.join(' of ')}, from ${source}`;
}

const objectOf = ({ objectType, objectId }: Figure): string => `${objectType}/${objectId}`;

/** A row for each figure. If names and objects do not fit side by side, each object is a heading above its figures. */
function bodyOf(figures: readonly Figure[], canvas: Canvas): TableLine[] {
  const longest = (texts: readonly string[]): number => Math.max(0, ...texts.map(({ length }) => length));
  const names = figures.map(({ name }) => name);
  const objects = figures.map(objectOf);
  const [isOneName, isOneObject] = [new Set(names).size === 1, new Set(objects).size === 1];
  // The numbers are the widths of the age, of the value, and of the gaps between four columns.
  const isGrouped = !isOneName && !isOneObject && longest(names) + longest(objects) + 10 + 9 + 6 > canvas.columns;
  const withName = !isOneName || isOneObject;
  const [header = [], ...rows] = rowsOf(figures, withName, !isOneObject && !isGrouped, canvas);
  const lines: TableLine[] = [{ line: header, counts: false }];
  rows.forEach((line, index) => {
    const object = objects[index] ?? '';
    if (isGrouped && object !== objects[index - 1]) {
      lines.push({ line: [{ text: object, colour: 'bold' }], counts: false });
    }
    lines.push({ line, counts: true });
  });
  return lines;
}

function rowsOf(figures: readonly Figure[], withName: boolean, withObject: boolean, { columns, now, unicode }: Canvas): Line[] {
  const cells = columns >= 110 ? trendWidth * 3 : trendWidth;
  const layout: readonly Column[] = [
    { title: 'Age', width: 5, rank: 0, left: true },
    ...(withName ? [{ title: 'Statistic', width: 9, rank: 0, left: true, shrinks: true }] : []),
    ...(withObject ? [{ title: 'Object', width: 6, rank: 0, left: true, shrinks: true }] : []),
    { title: 'Value', width: 7, rank: 0 },
    { title: 'Change', width: 6, rank: 2 },
    { title: 'Trend', width: cells, rank: 1, left: true },
  ];
  const rowOf = (figure: Figure): TableRow => {
    const { status, reading, error, change = 0, trend, unit, name, confirmedAt } = figure;
    const colour: Colour | undefined = status === 'stale' ? 'gray' : undefined;
    const named: Span[] = [...(withName ? [{ text: name, colour }] : []), ...(withObject ? [{ text: objectOf(figure), colour }] : [])];
    if (status === 'failed' && error !== undefined) {
      return { cells: [{ text: 'refused', colour: 'red' }, ...named], remark: { text: columns < reasonsNeed ? '' : shortReasonOf(error), colour: 'red' } };
    }
    return [
      ageOf(figure, now),
      ...named,
      { text: reading === undefined ? '-' : textOf(reading.value, unit), colour },
      { text: changeIn(change, unit), colour },
      { text: sparkline(cellsOf(trend, cells, confirmedAt ?? now).values, unicode), colour: colour ?? 'cyan' },
    ];
  };
  return table(layout, figures.map(rowOf), columns);
}

function ageOf({ status, reading, confirmedAt }: Figure, now: number): Span {
  if (confirmedAt !== undefined) {
    return { text: `stale ${coarseAge(now - confirmedAt)}`, colour: 'gray' };
  }
  return reading === undefined || status === 'stale' ? { text: '-' } : { text: 'now', colour: 'green' };
}

/** The text of a change; empty if the change is too small to be seen in the value. */
function changeIn(change: number, unit: string): string {
  const text = inUnit(Math.abs(change), unit);
  return text === inUnit(0, unit) ? '' : `${change < 0 ? '-' : '+'}${text}`;
}

/** The reasons below the table, each once. */
function reasonsOf(figures: readonly Figure[]): Line[] {
  const reasons = new Set(figures.flatMap(({ status, error }) => (status === 'failed' && error !== undefined ? [shortReasonOf(error)] : [])));
  return [...reasons].map((text) => [{ text: `refused: ${text}`, colour: 'red' }]);
}

function textOf(value: unknown, unit: string): string {
  if (value === null || value === undefined) {
    return '-';
  }
  return typeof value === 'number' ? inUnit(value, unit) : typeof value === 'string' ? value : JSON.stringify(value);
}
