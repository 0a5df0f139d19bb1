/** Figures as a table: what `watch` and `kpi` show. Pure, so that tests see what a terminal shows. */
import { cutLine, type Colour, type Line, type Span } from '../terminal/spans.js';
import type { Canvas } from '../terminal/show.js';
import { sparkline } from '../terminal/sparkline.js';
import { table, type Column, type TableRow } from '../terminal/table.js';
import { coarseAge, inUnit } from '../terminal/texts.js';
import type { Figure } from './figure.js';
import { reasonOf, type Live } from './live.js';
import { statusLines } from './status-line.js';
import { cellsOf } from './trend.js';

const trendWidth = 16;

/** At most `rows` lines. What there is no room for is counted. */
export function drawFigures(live: Live, title: string, { columns, rows, now, unicode }: Canvas): Line[] {
  const { figures } = live;
  const isOneName = new Set(figures.map(({ name }) => name)).size === 1;
  const isOneObject = new Set(figures.map(objectOf)).size === 1;
  const head: Line[] = [...statusLines(live, now), [{ text: title, colour: 'gray' }], ...(rows > 12 ? [[]] : [])];
  const room = Math.max(1, rows - head.length - 1);
  const fits = figures.length <= room;
  const shown = fits ? figures : figures.slice(0, Math.max(1, room - 1));
  const cells = columns >= 110 ? trendWidth * 2 : trendWidth;
  const layout: readonly Column[] = [
    { title: 'Age', width: 5, rank: 0, left: true },
    ...(isOneName && !isOneObject ? [] : [{ title: 'Statistic', width: 9, rank: 0, left: true, shrinks: true }]),
    ...(isOneObject ? [] : [{ title: 'Object', width: 6, rank: 0, left: true, shrinks: true }]),
    { title: 'Value', width: 7, rank: 0 },
    { title: 'Change', width: 6, rank: 2 },
    { title: 'Trend', width: cells, rank: 1, left: true },
  ];
  const lines = table(
    layout,
    shown.map((figure) => rowOf(figure, layout, { cells, now, unicode })),
    columns,
  );
  const more: Line[] = fits ? [] : [[{ text: `and ${figures.length - shown.length} more`, colour: 'gray' }]];
  return [...head.map((line) => cutLine(line, columns)), ...lines, ...more].slice(0, Math.max(1, rows));
}

/** What all figures have in common, for the title. */
export function commonTitle(figures: readonly Figure[], source: string): string {
  const names = [...new Set(figures.map(({ name }) => name))];
  const objects = [...new Set(figures.map(objectOf))];
  const common = [...(names.length === 1 ? names : []), ...(objects.length === 1 ? objects : [])];
  return `${common.length === 0 ? 'Statistics' : common.join(' of ')}, from ${source}`;
}

const objectOf = ({ objectType, objectId }: Figure): string => `${objectType}/${objectId}`;

interface RowCanvas {
  readonly cells: number;
  readonly now: number;
  readonly unicode: boolean;
}

function rowOf(figure: Figure, layout: readonly Column[], { cells, now, unicode }: RowCanvas): TableRow {
  const { status, reading, error, confirmedAt, change, trend, unit } = figure;
  const colour: Colour | undefined = status === 'stale' ? 'gray' : undefined;
  const texts: Readonly<Record<string, Span>> = {
    Statistic: { text: figure.name, colour },
    Object: { text: objectOf(figure), colour },
  };
  const named = (age: Span): Span[] => layout.flatMap(({ title }) => (title === 'Age' ? [age] : (texts[title] ?? [])));
  if (status === 'failed' && error !== undefined) {
    return { cells: named({ text: 'refused', colour: 'red' }), remark: { text: reasonOf(error), colour: 'red' } };
  }
  const age: Span =
    status === 'stale'
      ? { text: confirmedAt === undefined ? 'stale' : `stale ${coarseAge(now - confirmedAt)}`, colour }
      : { text: reading === undefined ? '-' : 'now', colour: reading === undefined ? undefined : 'green' };
  return [
    ...named(age),
    { text: reading === undefined ? '-' : textOf(reading.value, unit), colour },
    { text: change === undefined || change === 0 ? '' : `${change < 0 ? '-' : '+'}${inUnit(Math.abs(change), unit)}`, colour },
    { text: sparkline(cellsOf(trend, cells, now).values, unicode), colour: colour ?? 'cyan' },
  ];
}

function textOf(value: unknown, unit: string): string {
  if (value === null || value === undefined) {
    return '-';
  }
  return typeof value === 'number' ? inUnit(value, unit) : typeof value === 'string' ? value : JSON.stringify(value);
}
