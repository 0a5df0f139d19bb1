/**
 * Draws a board as lines for a width and a height: pure, so that tests see what a terminal shows. Knows nothing of where the
 * numbers come from.
 */
import { numberOf, type StatisticState } from '../index.js';
import { abandonRate, agentStatus, type AgentGroup } from '../kpi/index.js';
import { reasonOf, type AgentRow, type Board, type QueueRow, type Row } from './board.js';
import { cut, cutLine, widthOf, type Colour, type Line, type Span } from './spans.js';
import { table, type Column, type TableRow } from './table.js';

export interface Canvas {
  readonly columns: number;
  readonly rows: number;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** Percent of calls answered in time that a queue should reach. */
const serviceTarget = 80;
const blankLine: Line = [];

/** At most `rows` lines. On a low terminal the agents give way first, then the blank lines. */
export function drawBoard(board: Board, { columns, rows, now }: Canvas): Line[] {
  const head = [...statusLines(board, now), [{ text: board.title, colour: 'gray' as const }]].map((line) => cutLine(line, columns));
  const queues = queueLines(board.queues, columns, now);
  const states = cutLine(stateCounts(board.agents, columns), columns);
  const isLow = rows < head.length + queues.length + 8;
  const between = isLow ? [] : [blankLine];
  const above = [...(isLow ? head.slice(0, -1) : head), ...between, ...queues, ...between, states];
  const agents = agentLines(board.agents, { columns, rows: rows - above.length - between.length, now });
  return [...above, ...(agents.length > 0 ? between : []), ...agents].slice(0, Math.max(1, rows));
}

// The state of the client

/** The age comes first, where no width cuts it off. */
function statusLines({ health, polls, answeredAt }: Board, now: number): Line[] {
  if (health === undefined) {
    return [[{ text: 'connecting', colour: 'yellow' }]];
  }
  const { status, upstreams, statistics, lastError, retryAt } = health;
  const colour = status === 'live' ? 'green' : status === 'degraded' || status === 'unauthorized' ? 'red' : 'yellow';
  const age = answeredAt === undefined ? 'no answer yet' : now - answeredAt < 2000 ? 'just now' : `${shortAge(now - answeredAt)} ago`;
  const facts = `, ${plural(statistics, 'statistic')} in ${plural(upstreams, 'subscription')}, ${plural(polls, 'poll')}`;
  const line: Line = [{ text: `${age}, ` }, { text: status, colour }, { text: facts, colour: 'gray' }];
  if (lastError === undefined) {
    return [line];
  }
  const wait = retryAt === undefined ? 0 : Math.ceil((retryAt - now) / 1000);
  const next = wait > 0 ? `next attempt in ${shortAge(wait * 1000)}: ` : '';
  return [line, [{ text: `${next}${lastError.message}`, colour }]];
}

// Queues

const queueColumns: readonly Column[] = [
  { title: 'Queue', width: 11, rank: 0, left: true },
  { title: 'Waiting', width: 7, rank: 1 },
  { title: 'Longest', width: 7, rank: 2 },
  { title: 'Service', width: 7, rank: 3 },
  { title: `vs ${serviceTarget}%`, width: 6, rank: 5 },
  { title: 'Abandoned', width: 12, rank: 4 },
  { title: 'Rate', width: 6, rank: 6 },
  { title: 'Avg wait', width: 8, rank: 7 },
];

/** Only while a queue is stale. It stands behind the name and is never left out, so that old numbers are known as such. */
const ageColumn: Column = { title: '', width: 9, rank: 0, left: true };

function queueLines(queues: readonly QueueRow[], width: number, now: number): Line[] {
  const isStale = queues.some(({ confirmedAt }) => confirmedAt !== undefined);
  const [name = ageColumn, ...others] = queueColumns;
  return table(isStale ? [name, ageColumn, ...others] : queueColumns, queues.map((row) => refusalOf(row) ?? queueCells(row, isStale, now)), width);
}

function queueCells(row: QueueRow, withAge: boolean, now: number): Span[] {
  const state = row.states;
  const offered = sum(numberIn(state.Total_Answered), numberIn(state.Total_Abandoned));
  const service = offered === 0 ? null : numberIn(state.ServiceLevel);
  const abandoned = numberIn(state.Total_Abandoned);
  const rate = abandonRate({ answered: numberIn(state.Total_Answered), abandoned });
  const waiting = numberIn(state.Current_In_Queue);
  const isBehind = service !== null && service < serviceTarget;
  const serviceColour = service === null ? undefined : !isBehind ? 'green' : service < serviceTarget - 20 ? 'red' : 'yellow';
  const cells: Span[] = [
    { text: row.name },
    ...(withAge ? [{ text: ageOf(row, now) }] : []),
    { text: count(waiting), colour: waiting === null || waiting <= 2 ? undefined : waiting > 5 ? 'red' : 'yellow' },
    { text: clock(waiting === 0 ? null : numberIn(state.CurrMaxCallWaitingTime)) },
    { text: percent(service), colour: serviceColour },
    { text: service === null ? '-' : signed(service - serviceTarget), colour: serviceColour },
    { text: offered === 0 ? 'no calls yet' : offered === null || abandoned === null ? count(abandoned) : `${count(abandoned)} of ${count(offered)}` },
    { text: percent(rate), colour: rate === null ? undefined : rate <= 5 ? 'green' : rate <= 10 ? 'yellow' : 'red' },
    { text: clock(offered === 0 ? null : numberIn(state.AverageWaitingTime)) },
  ];
  return dimmedIfStale(row, cells);
}

// Agents

interface GroupLook {
  readonly word: string;
  readonly colour?: Colour;
}

/** In the order in which a supervisor asks for them. */
const groups: Readonly<Record<AgentGroup, GroupLook>> = {
  ready: { word: 'ready', colour: 'green' },
  ringing: { word: 'ringing', colour: 'cyan' },
  talking: { word: 'talking', colour: 'cyan' },
  hold: { word: 'on hold', colour: 'cyan' },
  wrap: { word: 'after call', colour: 'yellow' },
  notReady: { word: 'not ready', colour: 'yellow' },
  out: { word: 'logged out', colour: 'gray' },
  unknown: { word: 'unknown' },
};

const stateWidth = 10;
const agentColumns: readonly Column[] = [
  { title: 'Agent', width: 8, rank: 0, left: true },
  { title: 'State', width: stateWidth, rank: 0, left: true },
  { title: 'Time', width: 7, rank: 1 },
  { title: 'Calls', width: 5, rank: 2 },
];
/** Blank columns between two lists of agents. */
const agentGap = 4;

function stateCounts(agents: readonly AgentRow[], width: number): Line {
  const counts = new Map<AgentGroup, number>();
  for (const { states, confirmedAt } of agents) {
    const value = confirmedAt === undefined ? states.CurrentAgentState?.value : undefined;
    if (value !== undefined) {
      const { group } = agentStatus(value.value);
      counts.set(group, (counts.get(group) ?? 0) + 1);
    }
  }
  const spans = (Object.keys(groups) as AgentGroup[])
    .filter((group) => counts.has(group))
    .flatMap((group): Span[] => [{ text: '  ' }, { text: `${counts.get(group) ?? 0} ${groups[group].word}`, colour: groups[group].colour }]);
  const line: Line = [{ text: plural(agents.length, 'agent') }, ...(spans.length === 0 ? [{ text: '  -' }] : spans)];
  return widthOf(line) <= width ? line : spans.slice(1);
}

/** One list of agents, or several side by side where there is room; and how many agents there is no room for. */
function agentLines(agents: readonly AgentRow[], { columns, rows, now }: Canvas): Line[] {
  const width = agentColumns.reduce((all, column) => all + column.width + 2, -2);
  const lists = Math.max(1, Math.min(Math.floor((columns + agentGap) / (width + agentGap)), agents.length));
  if (rows < 2) {
    return [];
  }
  const fits = agents.length <= lists * (rows - 1);
  const height = fits ? Math.ceil(agents.length / lists) : rows - 2;
  const drawn = Array.from({ length: lists }, (_, list) => agents.slice(list * height, (list + 1) * height))
    .filter((part, list) => part.length > 0 || list === 0)
    .map((part) => table(agentColumns, part.map((row) => refusalOf(row) ?? agentCells(row, now)), Math.min(width, columns)));
  const lines = Array.from({ length: height + 1 }, (_, index): Line =>
    cutLine(drawn.flatMap((list, at) => [...(at === 0 ? [] : [{ text: ' '.repeat(agentGap) }]), ...padded(list[index] ?? [], width)]), columns),
  );
  return fits ? lines : [...lines, [{ text: `and ${agents.length - lists * height} more`, colour: 'gray' }]];
}

function padded(line: Line, width: number): Line {
  return [...line, { text: ' '.repeat(Math.max(0, width - widthOf(line))) }];
}

function agentCells(row: AgentRow, now: number): Span[] {
  const { CurrentAgentState: state, TimeInCurrentState: time, InboundCalls: calls } = row.states;
  const status = state?.value === undefined ? undefined : agentStatus(state.value.value);
  const { word, colour }: GroupLook = status === undefined ? { word: '-' } : status.group === 'unknown' ? { word: status.status ?? 'unknown' } : groups[status.group];
  return dimmedIfStale(row, [
    { text: row.name },
    { text: row.confirmedAt === undefined ? cut(word, stateWidth) : ageOf(row, now), colour },
    { text: clock(numberIn(time)) },
    { text: count(numberIn(calls)) },
  ]);
}

// Rows of which nothing current is known

const ageOf = ({ confirmedAt }: Row<string>, now: number): string => (confirmedAt === undefined ? '' : `stale ${shortAge(now - confirmedAt)}`);

/** The last numbers stay, but in no colour of live ones. */
function dimmedIfStale({ confirmedAt }: Row<string>, cells: Span[]): Span[] {
  return confirmedAt === undefined ? cells : cells.map(({ text }) => ({ text, colour: 'gray' }));
}

/** The reason instead of numbers, where every statistic of the row is refused. */
function refusalOf<N extends string>({ name, states }: Row<N>): TableRow | undefined {
  const all = Object.values<StatisticState | undefined>(states);
  const error = all.every((state) => state?.status === 'failed') ? all[0]?.error : undefined;
  return error === undefined ? undefined : { name: { text: name }, remark: { text: `refused: ${reasonOf(error)}`, colour: 'red' } };
}

// Texts

const numberIn = (state: StatisticState | undefined): number | null => (state?.value === undefined ? null : numberOf(state.value.value));
const sum = (a: number | null, b: number | null): number | null => (a === null || b === null ? null : a + b);
const plural = (amount: number, noun: string): string => `${amount} ${noun}${amount === 1 ? '' : 's'}`;
const count = (value: number | null): string => (value === null ? '-' : String(Math.round(value)));
const percent = (value: number | null): string => (value === null ? '-' : `${value.toFixed(1)}%`);
const signed = (value: number): string => `${value < 0 ? '' : '+'}${value.toFixed(1)}`;

/** `4:05`, `1:02:09`. */
function clock(seconds: number | null): string {
  if (seconds === null) {
    return '-';
  }
  const whole = Math.max(0, Math.floor(seconds));
  const two = (part: number): string => String(part).padStart(2, '0');
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

/** `25s`, `3m`, `2h`. */
function shortAge(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  return seconds < 100 ? `${seconds}s` : seconds < 6000 ? `${Math.floor(seconds / 60)}m` : `${Math.floor(seconds / 3600)}h`;
}
