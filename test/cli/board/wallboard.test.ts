import { describe, expect, it } from 'vitest';
import { createBoard, type Board, type Row } from '../../../src/cli/board/board.js';
import { demoPlan } from '../../../src/cli/board/plan.js';
import { drawBoard } from '../../../src/cli/board/wallboard.js';
import { readingOf, type Figure } from '../../../src/cli/live/figure.js';
import { addPoint } from '../../../src/cli/live/trend.js';
import type { Canvas } from '../../../src/cli/terminal/show.js';
import { paint, widthOf } from '../../../src/cli/terminal/spans.js';
import { createStatisticsClient, StatisticRejectedError, StatisticsNetworkError, StatisticsError } from '../../../src/index.js';

const now = 100_000;
const canvas: Canvas = { columns: 80, rows: 24, now, unicode: true };

const client = createStatisticsClient({ baseUrl: 'http://localhost/statistics/v3', transport: () => Promise.reject(new Error('not reached')) });
const object = (objectType: string) => (objectId: string) => ({ objectId, objectType, label: objectId });

function set<K extends string>(row: Row<K> | undefined, values: Partial<Record<K, unknown>>): void {
  for (const [key, value] of Object.entries(values)) {
    const reading = readingOf({ value, timestamp: null });
    const figure = row?.figures[key as K] as Figure;
    Object.assign(figure, { status: 'live', reading });
    addPoint(figure.trend, now - 5000, (reading.number ?? 0) + 1);
    addPoint(figure.trend, now - 4500, reading.number ?? 0);
  }
}

function refuse(row: Row<string> | undefined, ...keys: string[]): void {
  const error = new StatisticRejectedError('any is refused', [], { cause: new StatisticsError('no such object') });
  for (const key of keys) {
    Object.assign(row?.figures[key] ?? {}, { status: 'failed', error });
  }
}

function board(): Board {
  const plan = { ...demoPlan, queues: ['Sales@SIP', 'Support@SIP'].map(object('Queue')), agents: ['kim', 'alex', 'sam'].map(object('Agent')) };
  const { board: made } = createBoard(client, plan, 'Genesys statistics');
  set(made.queues[0], { waiting: 1234567, longestWait: 3725, serviceLevel: 72.34, answered: 90, abandoned: 10, abandonRate: 10, averageWait: 65 });
  set(made.agents[0], { state: { status: 22 }, timeInState: 3725, calls: 4 });
  set(made.agents[1], { state: { status: 4 }, timeInState: 5, calls: 0 });
  made.health = { status: 'live', upstreams: 1, statistics: 15, observers: 9 };
  return Object.assign(made, { polls: 12, answeredAt: now - 500 });
}

const text = (made: Board, size: Partial<Canvas> = {}): string[] => drawBoard(made, { ...canvas, ...size }).map((line) => paint(line, false));
const rowOf = (made: Board, size: Partial<Canvas> = {}): string | undefined => text(made, size).find((line) => line.startsWith('Sales'));

describe('the wallboard', () => {
  it('shows queues with their trend, agents by state and each agent within 80 columns', () => {
    expect(text(board())).toEqual([
      'just now  live, 15 statistics in 1 subscription, 12 polls',
      'Genesys statistics',
      '',
      'Queue        Waiting  Longest  Service  vs 80%  Trend 6s       Abandoned    Rate',
      'Sales@SIP    1234567  1:02:05    72.3%    -7.7  ▁▁▁▁▁▁         10 of 100   10.0%',
      'Support@SIP        -        -        -       -                         -       -',
      '',
      '3 agents  1 ready  1 talking',
      '',
      'Agent     State          Time  Calls',
      'kim       talking     1:02:05      4',
      'alex      ready          0:05      0',
      'sam       -                 -      -',
    ]);
  });

  it('has several lists of agents where there is room, none of them short', () => {
    const { board: made } = createBoard(client, demoPlan, 'Genesys statistics');
    const lists = (columns: number, rows: number): number => (text(made, { columns, rows }).join('\n').match(/Agent {5}State/g) ?? []).length;
    expect([[300, 80], [140, 40], [80, 24], [60, 20], [300, 12]].map(([columns = 0, rows = 0]) => lists(columns, rows))).toEqual([3, 3, 2, 1, 4]);
  });

  it('counts agents by state in whole words, then in short ones, and never cuts a count off', () => {
    const made = createBoard(client, demoPlan, 'Genesys statistics').board;
    [4, 4, 7, 22, 22, 22, 13, 9, 9, 23].forEach((status, index) => set(made.agents[index], { state: { status } }));
    const counts = (columns: number): string | undefined => text(made, { columns }).find((line) => line.includes('2 ready'));
    expect([100, 76, 60, 40, 14].map(counts)).toEqual([
      '18 agents  2 ready  1 ringing  3 talking  1 on hold  2 after call  1 logged out',
      '2 ready  1 ringing  3 talking  1 on hold  2 after call  1 logged out',
      '2 ready  1 ringing  3 talking  1 hold  2 wrap  1 out',
      '2 ready  1 ringing  3 talking  ...',
      '2 ready  ...',
    ]);
  });

  it('leaves whole facts out of the first line', () => {
    expect([80, 50, 40, 20].map((columns) => text(board(), { columns })[0])).toEqual([
      'just now  live, 15 statistics in 1 subscription, 12 polls',
      'just now  live, 15 statistics in 1 subscription',
      'just now  live, 15 statistics',
      'just now  live',
    ]);
  });

  it.each([10, 20, 30, 40, 50, 60, 70, 77, 80, 100, 140, 300].flatMap((columns) => [1, 3, 6, 12, 20, 24, 40].map((rows) => ({ columns, rows }))))(
    'never exceeds $columns columns and $rows rows',
    (size) => {
      const made = board();
      made.health = { status: 'degraded', upstreams: 1, statistics: 1, observers: 1, lastError: new StatisticsNetworkError('x'.repeat(400), 'refused') };
      refuse(made.queues[1], 'serviceLevel');
      const lines = drawBoard(made, { ...canvas, ...size });
      expect(Math.max(...lines.map(widthOf))).toBeLessThanOrEqual(size.columns);
      expect(lines.length).toBeLessThanOrEqual(size.rows);
    },
  );

  it('leaves out the least important columns first, and keeps waiting, longest wait and service level in 40 columns', () => {
    expect(rowOf(board(), { columns: 60 })).toBe('Sales@SIP    1234567  1:02:05    72.3%    -7.7     10 of 100');
    expect(rowOf(board(), { columns: 40, rows: 12 })).toBe('Sales@SIP    1234567  1:02:05    72.3%');
  });

  it('colours the trend by the target that it was measured against', () => {
    const made = board();
    const { trend } = made.queues[0]?.figures.serviceLevel ?? { trend: { points: [] } };
    trend.points.splice(0);
    addPoint(trend, now - 2000, 95);
    addPoint(trend, now - 1000, 75);
    addPoint(trend, now, 30);
    const line = drawBoard(made, canvas).find((each) => each[0]?.text.startsWith('Sales'));
    const columns = line?.filter(({ text: part }) => /^[▁-█]$/.test(part));
    expect(columns).toEqual([{ text: '▇', colour: 'green' }, { text: '▂', colour: 'yellow' }, { text: '▁', colour: 'red' }]);
    expect(rowOf(made, { unicode: false })).toContain(' *._ ');
  });

  it('says that there were no calls yet', () => {
    const made = board();
    set(made.queues[0], { serviceLevel: 0, answered: 0, abandoned: 0, abandonRate: null, averageWait: 0 });
    expect(rowOf(made)).toBe('Sales@SIP    1234567  1:02:05        -       -              no calls yet       -');
  });

  it('counts the queues and agents that there is no room for', () => {
    expect(text(board(), { columns: 40, rows: 8 }).slice(-3)).toEqual([
      'Agent     State          Time  Calls', 'kim       talking     1:02:05      4', 'and 2 more',
    ]);
    const many = createBoard(client, { ...demoPlan, queues: Array.from({ length: 50 }, (_, index) => object('Queue')(`Q${index}@SIP`)) }, 'Many').board;
    expect(text(many, { rows: 12 })).toContain('and 42 more queues');
    expect(text(many, { rows: 12 }).at(-1)).toBe('18 agents  -');
  });

  it('begins with the age, which no width cuts off', () => {
    const made = Object.assign(board(), { answeredAt: now - 45_000 });
    expect(text(made, { columns: 10 })[0]).toBe('45s ago');
  });

  it.each([
    [now + 1500, 'next attempt in 2s: refused'],
    [now, 'refused'],
    [now - 1500, 'refused'],
  ])('announces a next attempt that lies ahead only (%i)', (retryAt, line) => {
    const made = board();
    made.health = { status: 'degraded', upstreams: 1, statistics: 1, observers: 1, lastError: new StatisticsNetworkError('refused', 'refused'), retryAt };
    expect(text(made)[1]).toBe(line);
  });

  it('leaves the next attempt out where the reason needs its room', () => {
    const made = board();
    const lastError = new StatisticsNetworkError('GET /subscriptions/1/statistic-values got no answer: ECONNREFUSED', 'refused');
    made.health = { status: 'degraded', upstreams: 1, statistics: 1, observers: 1, lastError, retryAt: now + 9000 };
    expect([60, 40].map((columns) => text(made, { columns })[1])).toEqual(['next attempt in 9s: the poll got no answer: ECONNREFUSED', 'the poll got no answer: ECONNREFUSED']);
  });

  it('says why a row is refused, and why one statistic of others is', () => {
    const made = board();
    refuse(made.queues[1], ...Object.keys(made.queues[1]?.figures ?? {}));
    expect(text(made)[5]).toBe('Support@SIP  refused: no such object');
    const partly = board();
    refuse(partly.queues[0], 'longestWait');
    refuse(partly.queues[1], 'longestWait');
    expect(text(partly)[6]).toBe('CurrMaxCallWaitingTime refused for 2 rows: no such object');
  });

  it('shows a stale row with its age, and in gray alone', () => {
    const made = board();
    for (const row of [made.queues[0], made.agents[0]]) {
      Object.assign(Object.values<Figure>(row?.figures ?? {})[0] ?? {}, { status: 'stale', confirmedAt: now - 27_000 });
    }
    const lines = drawBoard(made, canvas);
    const stale = lines.filter((line) => line.some(({ text: part }) => part.startsWith('stale 25s')));
    expect(stale.map((line) => paint(line, false))).toEqual([
      'Sales@SIP    stale 25s  1234567  1:02:05    72.3%  ▁▁▁▁▁▁         10 of 100',
      'kim       stale 25s   1:02:05      4',
    ]);
    expect(new Set(stale.flat().filter(({ text: part }) => part.trim() !== '').map(({ colour }) => colour))).toEqual(new Set(['gray']));
    expect(text(made, { columns: 40, rows: 12 })).toContain('Sales@SIP    stale 25s  1234567  1:02:05');
    expect(text(made)).toContain('3 agents  1 ready');
  });

  it('is the same text in colour', () => {
    const lines = drawBoard(board(), canvas);
    expect(lines.map((line) => paint(line, true))).not.toEqual(text(board()));
    expect(lines.flat().some(({ colour }) => colour === 'yellow')).toBe(true);
  });
});
