/** Draws a board as lines for a width and a height. Pure, so that tests see the lines of a terminal. Does not know the source of the numbers. */
import { statusLines } from '../live/status-line.js';
import type { Canvas } from '../terminal/show.js';
import { cutLine, type Line } from '../terminal/spans.js';
import { agentLines, stateCounts } from './agent-list.js';
import type { Board } from './board.js';
import { queueLines } from './queue-table.js';
import { partialRefusals } from './rows.js';

const blankLine: Line = [];
/** The fewest rows for agents, with their heading and the blank lines around it. If there are fewer, queues take them. */
const agentsNeed = 8;

/** Draws at most `rows` lines. A low terminal shows fewer agents, then no blank lines, then fewer queues and the number of the others. */
export function drawBoard(board: Board, canvas: Canvas): Line[] {
  const { columns, rows, now } = canvas;
  const { queues, agents, targets } = board;
  const head = [...statusLines(board, now, columns), [{ text: board.title, colour: 'gray' as const }]].map((line) => cutLine(line, columns));
  const refusals = partialRefusals([...queues, ...agents]).slice(0, 2).map((line) => cutLine(line, columns));
  const isLow = rows < head.length + queues.length + 1 + refusals.length + agentsNeed;
  const above = isLow ? head.slice(0, -1) : head;
  const between = isLow ? [] : [blankLine];
  const states = agents.length === 0 ? [] : [...between, stateCounts(agents, columns)];
  const room = Math.max(2, rows - above.length - between.length - refusals.length - states.length - 1);
  const shown = queues.length <= room ? queues : queues.slice(0, room - 1);
  const more: Line[] = shown.length < queues.length ? [[{ text: `and ${queues.length - shown.length} more queues`, colour: 'gray' }]] : [];
  const upper = [...above, ...between, ...queueLines(shown, targets, canvas), ...more, ...refusals, ...states];
  const lower = agents.length === 0 ? [] : agentLines(agents, { columns, rows: rows - upper.length - between.length, now });
  return [...upper, ...(lower.length > 0 ? between : []), ...lower].slice(0, Math.max(1, rows));
}
