/** The table of queues: waiting calls, the service level with its target and trend, and abandoned calls. Pure. */
import type { Figure } from '../live/figure.js';
import { cellsOf } from '../live/trend.js';
import type { Canvas } from '../terminal/show.js';
import type { Colour, Line } from '../terminal/spans.js';
import { sparkline } from '../terminal/sparkline.js';
import { table, type Cell, type Column } from '../terminal/table.js';
import { clock, count, percent, shortAge, signed } from '../terminal/texts.js';
import type { QueueRow } from './board.js';
import type { Targets } from './plan.js';
import { ageOf, dimmedIfStale, numberIn, refusalOf } from './rows.js';

/** Shown only while a queue is stale. It follows the name and is never left out, so that nobody mistakes old numbers for current ones. */
const ageColumn: Column = { title: '', width: 9, rank: 0, left: true };
/** The lowest column of a trend stands for this number of percentage points below the target, the highest for 100 percent. */
const trendDepth = 10;

export function queueLines(queues: readonly QueueRow[], targets: Targets, canvas: Canvas): Line[] {
  const { columns, now } = canvas;
  if (queues.length === 0) {
    return [];
  }
  const cells = columns >= 160 ? 40 : columns >= 110 ? 20 : 10;
  const span = Math.max(...queues.map(({ figures }) => cellsOf(figures.serviceLevel.trend, cells, now).span));
  const layout: readonly Column[] = [
    { title: 'Queue', width: 11, rank: 0, left: true },
    { title: 'Waiting', width: 7, rank: 1 },
    { title: 'Longest', width: 7, rank: 2 },
    { title: 'Service', width: 7, rank: 3 },
    { title: `vs ${targets.serviceLevel}%`, width: 6, rank: 6 },
    { title: span === 0 ? 'Trend' : `Trend ${shortAge(span)}`, width: cells, rank: 5, left: true },
    { title: 'Abandoned', width: 12, rank: 4 },
    { title: 'Rate', width: 6, rank: 7 },
    { title: 'Avg wait', width: 8, rank: 8 },
  ];
  const isStale = queues.some((row) => ageOf(row, now) !== '');
  const [name = ageColumn, ...others] = layout;
  return table(
    isStale ? [name, ageColumn, ...others] : layout,
    queues.map((row) => refusalOf(row) ?? queueCells(row, targets, isStale, cells, canvas)),
    columns,
  );
}

function queueCells(row: QueueRow, targets: Targets, withAge: boolean, cells: number, { now, unicode }: Canvas): Cell[] {
  const { waiting, longestWait, serviceLevel, answered, abandoned, abandonRate, averageWait } = row.figures;
  const [lost, taken, queued, rate] = [numberIn(abandoned), numberIn(answered), numberIn(waiting), numberIn(abandonRate)];
  const offered = lost === null || taken === null ? null : lost + taken;
  const service = offered === 0 ? null : numberIn(serviceLevel);
  const longest = queued === 0 ? null : numberIn(longestWait);
  const serviceColour = service === null ? undefined : levelColour(service, targets);
  return dimmedIfStale(row, [
    { text: row.label },
    ...(withAge ? [{ text: ageOf(row, now) }] : []),
    { text: count(queued), colour: beyond(queued, targets.waiting) },
    { text: clock(longest), colour: beyond(longest, targets.longestWait) },
    { text: percent(service), colour: serviceColour },
    { text: service === null ? '-' : signed(service - targets.serviceLevel), colour: serviceColour },
    offered === 0 ? { text: '' } : trendCell(serviceLevel, targets, cells, now, unicode),
    { text: offered === 0 ? 'no calls yet' : offered === null ? count(lost) : `${count(lost)} of ${count(offered)}` },
    { text: percent(rate), colour: beyond(rate, targets.abandonRate) ?? (rate === null ? undefined : 'green') },
    { text: clock(offered === 0 ? null : numberIn(averageWait)) },
  ]);
}

/** One bar per cell, in the colour of the service level at that time. */
function trendCell({ trend, confirmedAt }: Figure, targets: Targets, cells: number, now: number, unicode: boolean): Line {
  // The trend ends at the last confirmation.
  const { values } = cellsOf(trend, cells, confirmedAt ?? now);
  const columns = sparkline(values, unicode, { low: Math.max(0, targets.serviceLevel - trendDepth), high: 100.1 });
  return Array.from(columns, (text, index) => ({ text, colour: levelColour(values[index] ?? 0, targets) }));
}

function levelColour(service: number, { serviceLevel }: Targets): Colour {
  return service >= serviceLevel ? 'green' : service < serviceLevel - 20 ? 'red' : 'yellow';
}

/** The colour of a number: yellow above the target, red above twice the target. */
function beyond(value: number | null, target: number): Colour | undefined {
  return value === null || value <= target ? undefined : value > target * 2 ? 'red' : 'yellow';
}
