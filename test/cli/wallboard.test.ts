import { describe, expect, it } from 'vitest';
import { createBoard, type Board } from '../../src/cli/board.js';
import { paint, widthOf } from '../../src/cli/spans.js';
import { drawBoard, type Canvas } from '../../src/cli/wallboard.js';
import { StatisticRejectedError, StatisticsNetworkError, StatisticsError, type StatisticState } from '../../src/index.js';

const now = 100_000;
const canvas: Canvas = { columns: 80, rows: 24, now };
const live = (value: unknown): StatisticState => ({
  status: 'live', value: { name: 'any', objectId: 'any', objectType: 'any', timestamp: null, value }, receivedAt: now,
});
const refused: StatisticState = {
  status: 'failed', error: new StatisticRejectedError('any is refused', [], { cause: new StatisticsError('no such object') }),
};

function board(): Board {
  const made = createBoard('Genesys statistics', ['Sales@SIP', 'Support@SIP'], ['kim', 'alex', 'sam']);
  Object.assign(made.queues[0]?.states ?? {}, {
    Current_In_Queue: live(1234567), CurrMaxCallWaitingTime: live(3725), ServiceLevel: live(72.34), Total_Answered: live(90), Total_Abandoned: live(10), AverageWaitingTime: live(65),
  });
  Object.assign(made.agents[0]?.states ?? {}, { CurrentAgentState: live({ status: 22 }), TimeInCurrentState: live(3725), InboundCalls: live(4) });
  Object.assign(made.agents[1]?.states ?? {}, { CurrentAgentState: live({ status: 4 }), TimeInCurrentState: live(5), InboundCalls: live(0) });
  made.health = { status: 'live', upstreams: 1, statistics: 15, observers: 9 };
  return Object.assign(made, { polls: 12, answeredAt: now - 500 });
}

const text = (made: Board, size: Partial<Canvas> = {}): string[] => drawBoard(made, { ...canvas, ...size }).map((line) => paint(line, false));

describe('the wallboard', () => {
  it('shows queues, agents by state and each agent within 80 columns', () => {
    expect(text(board())).toEqual([
      'just now, live, 15 statistics in 1 subscription, 12 polls',
      'Genesys statistics',
      '',
      'Queue        Waiting  Longest  Service  vs 80%     Abandoned    Rate  Avg wait',
      'Sales@SIP    1234567  1:02:05    72.3%    -7.7     10 of 100   10.0%      1:05',
      'Support@SIP        -        -        -       -             -       -         -',
      '',
      '3 agents  1 ready  1 talking',
      '',
      'Agent     State          Time  Calls    Agent     State          Time  Calls',
      'kim       talking     1:02:05      4    sam       -                 -      -',
      'alex      ready          0:05      0',
    ]);
  });

  it.each([10, 20, 30, 40, 50, 60, 70, 77, 80, 100, 140, 300].flatMap((columns) => [6, 12, 20, 24, 40].map((rows) => ({ columns, rows }))))(
    'never exceeds $columns columns and $rows rows',
    (size) => {
      const made = board();
      made.health = { status: 'degraded', upstreams: 1, statistics: 1, observers: 1, lastError: new StatisticsNetworkError('x'.repeat(400), 'refused') };
      const lines = drawBoard(made, { ...canvas, ...size });
      expect(Math.max(...lines.map(widthOf))).toBeLessThanOrEqual(size.columns);
      expect(lines.length).toBeLessThanOrEqual(size.rows);
    },
  );

  it('leaves out the least important columns first, and keeps waiting, longest wait and service level in 40 columns', () => {
    expect(text(board(), { columns: 60 }).find((line) => line.startsWith('Sales'))).toBe('Sales@SIP    1234567  1:02:05    72.3%    -7.7     10 of 100');
    expect(text(board(), { columns: 40, rows: 12 }).find((line) => line.startsWith('Sales'))).toBe('Sales@SIP    1234567  1:02:05    72.3%');
  });

  it('says that there were no calls yet', () => {
    const made = board();
    Object.assign(made.queues[0]?.states ?? {}, { ServiceLevel: live(0), Total_Answered: live(0), Total_Abandoned: live(0), AverageWaitingTime: live(0) });
    expect(text(made)[4]).toBe('Sales@SIP    1234567  1:02:05        -       -  no calls yet       -         -');
  });

  it('says how many agents there is no room for', () => {
    expect(text(board(), { columns: 40, rows: 8 }).slice(-3)).toEqual([
      'Agent     State          Time  Calls', 'kim       talking     1:02:05      4', 'and 2 more',
    ]);
  });

  it('begins with the age, which no width cuts off', () => {
    const made = Object.assign(board(), { answeredAt: now - 45_000 });
    expect(text(made, { columns: 10 })[0]).toBe('45s ago, ~');
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

  it('shows why a row is refused', () => {
    const made = board();
    Object.assign(made.queues[1]?.states ?? {}, { Current_In_Queue: refused, ServiceLevel: refused });
    expect(text(made)[5]).toBe('Support@SIP  refused: no such object');
  });

  it('shows a stale row with its age, and in gray alone', () => {
    const made = board();
    for (const row of [made.queues[0], made.agents[0]]) {
      Object.assign(row ?? {}, { confirmedAt: now - 25_000 });
    }
    const lines = drawBoard(made, canvas);
    const stale = lines.filter((line) => line.some(({ text: part }) => part.startsWith('stale 25s')));
    expect(stale.map((line) => paint(line, false))).toEqual([
      'Sales@SIP    stale 25s  1234567  1:02:05    72.3%    -7.7     10 of 100   10.0%',
      'kim       stale 25s   1:02:05      4    sam       -                 -      -',
    ]);
    expect(new Set(stale.flat().map(({ colour }) => colour))).toEqual(new Set(['gray', undefined]));
    expect(text(made, { columns: 40, rows: 12 })).toContain('Sales@SIP    stale 25s  1234567  1:02:05');
    expect(text(made)).toContain('3 agents  1 ready');
  });

  it('is the same text in colour', () => {
    const lines = drawBoard(board(), canvas);
    expect(lines.map((line) => paint(line, true))).not.toEqual(text(board()));
    expect(lines.flat().some(({ colour }) => colour === 'yellow')).toBe(true);
  });
});
