/** Draws agents: the number in each state, and each agent by name if there is room. Pure. */
import { agentStatus, type AgentGroup } from '../../kpi/index.js';
import type { Canvas } from '../terminal/show.js';
import { cut, cutLine, widthOf, type Colour, type Line, type Span } from '../terminal/spans.js';
import { table, type Cell, type Column } from '../terminal/table.js';
import { clock, count, plural } from '../terminal/texts.js';
import type { AgentRow } from './board.js';
import { ageOf, confirmedAtOf, dimmedIfStale, numberIn, refusalOf } from './rows.js';

interface GroupLook {
  readonly word: string;
  /** The word to use if there is little room. */
  readonly short?: string;
  readonly colour?: Colour;
}

/** In the order of their importance to a supervisor. */
const groups: Readonly<Record<AgentGroup, GroupLook>> = {
  ready: { word: 'ready', colour: 'green' },
  ringing: { word: 'ringing', colour: 'cyan' },
  talking: { word: 'talking', colour: 'cyan' },
  hold: { word: 'on hold', short: 'hold', colour: 'cyan' },
  wrap: { word: 'after call', short: 'wrap', colour: 'yellow' },
  notReady: { word: 'not ready', colour: 'yellow' },
  out: { word: 'logged out', short: 'out', colour: 'gray' },
  unknown: { word: 'unknown' },
};

const stateWidth = 10;
const layout: readonly Column[] = [
  { title: 'Agent', width: 8, rank: 0, left: true },
  { title: 'State', width: stateWidth, rank: 0, left: true },
  { title: 'Time', width: 7, rank: 1 },
  { title: 'Calls', width: 5, rank: 2 },
];
/** Blank columns between two lists of agents. */
const gap = 4;
const widestName = 24;

/** The fewest rows of a list. Shorter lists would spread a few agents over the whole width of a wide screen. */
const shortestList = 6;

/** `18 agents  6 ready  8 talking`. Agents whose state is unknown or stale are not counted in any state. */
export function stateCounts(agents: readonly AgentRow[], width: number): Line {
  const counts = new Map<AgentGroup, number>();
  for (const row of agents) {
    const { reading } = row.figures.state;
    if (confirmedAtOf(row) === undefined && reading !== undefined) {
      const { group } = agentStatus(reading.raw);
      counts.set(group, (counts.get(group) ?? 0) + 1);
    }
  }
  const present = (Object.keys(groups) as AgentGroup[]).filter((group) => counts.has(group));
  const spansOf = (wordOf: (look: GroupLook) => string): Span[] =>
    present.flatMap((group): Span[] => [{ text: '  ' }, { text: `${counts.get(group) ?? 0} ${wordOf(groups[group])}`, colour: groups[group].colour }]);
  const words = spansOf(({ word }) => word);
  const short = spansOf(({ word, short: instead = word }) => instead);
  const total: Span = { text: plural(agents.length, 'agent') };
  const line = present.length === 0 ? [total, { text: '  -' }] : [[total, ...words], words.slice(1), short.slice(1)].find((each) => widthOf(each) <= width);
  return cutLine(line ?? wholeOnes(short.slice(1), width), width);
}

/** As many whole counts as fit, then dots. A count that is cut off could be mistaken for another number. */
function wholeOnes(spans: readonly Span[], width: number): Line {
  const kept = [...spans];
  while (kept.length > 0 && widthOf(kept) + dots.text.length > width) {
    // Drops a count and the blanks before it.
    kept.splice(-2);
  }
  return [...kept, dots];
}

const dots: Span = { text: '  ...' };

/** One list of agents, or several side by side if they fit, and the number of agents that do not fit. */
export function agentLines(agents: readonly AgentRow[], { columns, rows, now }: Pick<Canvas, 'columns' | 'rows' | 'now'>): Line[] {
  const nameWidth = Math.min(widestName, Math.max(8, ...agents.map(({ label }) => label.length)));
  const width = layout.reduce((all, column) => all + column.width + 2, -2) + nameWidth - 8;
  if (rows < 2) {
    return [];
  }
  const needed = Math.max(Math.ceil(agents.length / shortestList), 1);
  const lists = Math.max(1, Math.min(Math.floor((columns + gap) / (width + gap)), Math.max(needed, Math.ceil(agents.length / (rows - 1)))));
  const fits = agents.length <= lists * (rows - 1);
  const height = fits ? Math.ceil(agents.length / lists) : rows - 2;
  const drawn = Array.from({ length: lists }, (_, list) => agents.slice(list * height, (list + 1) * height))
    .filter((part, list) => part.length > 0 || list === 0)
    .map((part) => table(layout, part.map((row) => refusalOf(row) ?? agentCells(row, nameWidth, now)), lists === 1 ? columns : Math.min(width, columns)));
  const lines = Array.from({ length: height + 1 }, (_, index): Line =>
    cutLine(drawn.flatMap((list, at) => [...(at === 0 ? [] : [{ text: ' '.repeat(gap) }]), ...padded(list[index] ?? [], width)]), columns),
  );
  return fits ? lines : [...lines, [{ text: `and ${agents.length - lists * height} more`, colour: 'gray' }]];
}

function padded(line: Line, width: number): Line {
  return [...line, { text: ' '.repeat(Math.max(0, width - widthOf(line))) }];
}

function agentCells(row: AgentRow, nameWidth: number, now: number): Cell[] {
  const { state, timeInState, calls } = row.figures;
  const status = state.reading === undefined ? undefined : agentStatus(state.reading.raw);
  const { word, colour }: GroupLook = status === undefined ? { word: '-' } : status.group === 'unknown' ? { word: status.status ?? 'unknown' } : groups[status.group];
  return dimmedIfStale(row, [
    { text: cut(row.label, nameWidth) },
    { text: confirmedAtOf(row) === undefined ? cut(word, stateWidth) : ageOf(row, now), colour },
    { text: clock(numberIn(timeInState)) },
    { text: count(numberIn(calls)) },
  ]);
}
