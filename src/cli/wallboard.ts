/**
 * Draws a board as lines of text for a width and a height: pure, so that tests see what a terminal shows. Knows nothing
 * of where the numbers come from.
 */
import { styleText } from 'node:util';
import type { AgentRow, Board, QueueRow } from './board.js';
import { plain } from './plain.js';

export interface Canvas {
  readonly columns: number;
  readonly rows: number;
  readonly color: boolean;
  /** Epoch milliseconds. */
  readonly now: number;
}

type Colour = 'green' | 'yellow' | 'red' | 'cyan' | 'gray' | 'bold';

/** A piece of a line: its width is its text's, whatever its colour. */
interface Cell {
  readonly text: string;
  readonly colour?: Colour | undefined;
}

export function drawBoard(board: Board, canvas: Canvas): string[] {
  const paint = (text: string, colour?: Colour): string =>
    canvas.color && colour !== undefined ? styleText(colour, text, { validateStream: false }) : text;
  const wide = canvas.columns >= 120;
  const queueLines = table(queueHeader, board.queues.map(queueCells), paint);
  const health = healthCells(board, canvas.now).map(({ text, colour }) => paint(cut(text, canvas.columns), colour));
  // Title, blank, queues, blank, agents, blank, health; and the last row is the cursor's.
  const room = Math.max(2, canvas.rows - health.length - 4 - (wide ? 0 : queueLines.length + 1));
  const agentLines = table(agentHeader, shown(board.agents, room - 1), paint);
  const body = wide ? beside(queueLines, agentLines, queueHeader) : [...queueLines, '', ...agentLines];
  return [paint(cut(board.title, canvas.columns), 'bold'), '', ...body, '', ...health];
}

interface Column {
  readonly title: string;
  readonly width: number;
  readonly left?: boolean;
}

const queueHeader: readonly Column[] = [
  { title: 'Queue', width: 14, left: true },
  { title: 'Waiting', width: 8 },
  { title: 'Longest', width: 8 },
  { title: 'Entered', width: 8 },
  { title: 'Answered', width: 9 },
  { title: 'Abandoned', width: 10 },
  { title: 'Service', width: 8 },
  { title: 'Abandon', width: 8 },
];

const agentHeader: readonly Column[] = [
  { title: 'Agent', width: 10, left: true },
  { title: 'State', width: 16, left: true },
  { title: 'Time', width: 8 },
  { title: 'Calls', width: 6 },
];

const gap = '    ';

function table(header: readonly Column[], rows: readonly (readonly Cell[])[], paint: (text: string, colour?: Colour) => string): string[] {
  const line = (cells: readonly Cell[]): string =>
    cells
      .map(({ text, colour }, index) => {
        const { width, left = false } = header[index] ?? { width: text.length };
        const fitted = cut(text, width);
        return paint(left ? fitted.padEnd(width) : fitted.padStart(width), colour);
      })
      .join('');
  return [line(header.map(({ title }) => ({ text: title, colour: 'gray' }))), ...rows.map(line)];
}

function beside(left: readonly string[], right: readonly string[], header: readonly Column[]): string[] {
  const blank = ' '.repeat(header.reduce((sum, { width }) => sum + width, 0));
  return Array.from({ length: Math.max(left.length, right.length) }, (_, index) =>
    `${left[index] ?? blank}${gap}${right[index] ?? ''}`.trimEnd(),
  );
}

function queueCells({ name, waiting, longestWait, entered, answered, abandoned, serviceLevel, abandonRate, error }: QueueRow): Cell[] {
  if (error !== undefined) {
    return [{ text: name }, { text: 'refused', colour: 'red' }];
  }
  return [
    { text: name },
    { text: count(waiting), colour: (waiting ?? 0) > 5 ? 'red' : (waiting ?? 0) > 2 ? 'yellow' : undefined },
    { text: duration(longestWait) },
    { text: count(entered) },
    { text: count(answered) },
    { text: count(abandoned) },
    { text: percent(serviceLevel), colour: band(serviceLevel, (value) => value >= 80, (value) => value >= 60) },
    { text: percent(abandonRate), colour: band(abandonRate, (value) => value <= 5, (value) => value <= 10) },
  ];
}

/** As many agents as there is room for, and how many more there are. */
function shown(agents: readonly AgentRow[], room: number): Cell[][] {
  const rows = agents.map(agentCells);
  return rows.length <= room ? rows : [...rows.slice(0, Math.max(0, room - 1)), [{ text: '...' }, { text: `and ${rows.length - Math.max(0, room - 1)} more`, colour: 'gray' }]];
}

function agentCells({ name, status, seconds, calls, error }: AgentRow): Cell[] {
  if (error !== undefined) {
    return [{ text: name }, { text: 'refused', colour: 'red' }];
  }
  return [{ text: name }, stateCell(status), { text: duration(seconds) }, { text: count(calls) }];
}

/** The numbers of Stat Server's statuses that three independent public clients agree on. */
const statuses: Readonly<Record<number, Cell>> = {
  4: { text: 'ready', colour: 'green' },
  5: { text: 'off hook' },
  6: { text: 'dialing', colour: 'cyan' },
  7: { text: 'ringing', colour: 'cyan' },
  8: { text: 'not ready', colour: 'yellow' },
  9: { text: 'after call', colour: 'yellow' },
  13: { text: 'on hold', colour: 'cyan' },
  18: { text: 'talking', colour: 'cyan' },
  19: { text: 'consulting', colour: 'cyan' },
  20: { text: 'internal call', colour: 'cyan' },
  21: { text: 'outbound call', colour: 'cyan' },
  22: { text: 'inbound call', colour: 'cyan' },
  23: { text: 'logged out', colour: 'gray' },
};

function stateCell(status: number | null | undefined): Cell {
  return status === undefined || status === null ? { text: '-' } : (statuses[status] ?? { text: `status ${status}` });
}

function healthCells({ health, polls, retries, answeredAt }: Board, now: number): Cell[] {
  if (health === undefined) {
    return [{ text: 'connecting', colour: 'yellow' }];
  }
  const { status, upstreams, statistics, lastError, retryAt } = health;
  const colour: Colour = status === 'live' ? 'green' : status === 'degraded' || status === 'unauthorized' ? 'red' : 'yellow';
  const facts = [
    status,
    `${statistics} statistics in ${upstreams} subscriptions`,
    `${polls} polls`,
    ...(retries === 0 ? [] : [`${retries} retries`]),
    answeredAt === undefined ? 'no answer yet' : `answered ${ago(now - answeredAt)} ago`,
  ];
  const next: Cell[] = retryAt === undefined ? [] : [{ text: `next attempt in ${ago(retryAt - now)}`, colour }];
  return [{ text: facts.join(' | '), colour }, ...(lastError === undefined ? [] : [{ text: lastError.message, colour }, ...next])];
}

const count = (value: number | null | undefined): string => (value === undefined || value === null ? '-' : String(Math.round(value)));
const percent = (value: number | null | undefined): string => (value === undefined || value === null ? '-' : `${value.toFixed(1)}%`);

/** `4:05`, `1:02:09`. */
function duration(seconds: number | null | undefined): string {
  if (seconds === undefined || seconds === null) {
    return '-';
  }
  const whole = Math.max(0, Math.floor(seconds));
  const two = (part: number): string => String(part).padStart(2, '0');
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

function band(value: number | null | undefined, good: (value: number) => boolean, fair: (value: number) => boolean): Colour | undefined {
  return value === undefined || value === null ? undefined : good(value) ? 'green' : fair(value) ? 'yellow' : 'red';
}

const ago = (milliseconds: number): string => `${(Math.max(0, milliseconds) / 1000).toFixed(1)} s`;

/** Every text of the board passes here on its way into a line. */
function cut(text: string, width: number): string {
  const clean = plain(text).replaceAll('\n', ' ');
  return clean.length > width ? `${clean.slice(0, Math.max(0, width - 1))}~` : clean;
}
