import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createBoard, statusOf, type Board } from '../../src/cli/board.js';
import { drawBoard, type Canvas } from '../../src/cli/wallboard.js';
import { StatisticsNetworkError } from '../../src/index.js';

const narrow: Canvas = { columns: 80, rows: 24, color: false, now: 10_000 };

function board(): Board {
  const made = createBoard('Genesys statistics', ['Sales@SIP', 'Support@SIP'], ['kim', 'alex', 'sam']);
  Object.assign(made.queues[0] ?? {}, { waiting: 3, longestWait: 65, entered: 10, answered: 6, abandoned: 1, serviceLevel: 85.7, abandonRate: 14.28 });
  Object.assign(made.agents[0] ?? {}, { status: 22, seconds: 3725, calls: 4 });
  Object.assign(made.agents[1] ?? {}, { status: 99, seconds: 5, calls: 0 });
  made.health = { status: 'live', upstreams: 3, statistics: 15, observers: 9 };
  return Object.assign(made, { polls: 12, answeredAt: 9500 });
}

describe('the wallboard', () => {
  it('fits 80 columns, one table below the other', () => {
    expect(drawBoard(board(), narrow)).toEqual([
      'Genesys statistics',
      '',
      'Queue          Waiting Longest Entered Answered Abandoned Service Abandon',
      'Sales@SIP            3    1:05      10        6         1   85.7%   14.3%',
      'Support@SIP          -       -       -        -         -       -       -',
      '',
      'Agent     State               Time Calls',
      'kim       inbound call     1:02:05     4',
      'alex      status 99           0:05     0',
      'sam       -                      -     -',
      '',
      'live | 15 statistics in 3 subscriptions | 12 polls | answered 0.5 s ago',
    ]);
  });

  it('puts the tables side by side where there is room', () => {
    const lines = drawBoard(board(), { ...narrow, columns: 140 });
    expect(lines[3]).toBe('Sales@SIP            3    1:05      10        6         1   85.7%   14.3%    kim       inbound call     1:02:05     4');
    expect(lines.every(({ length }) => length <= 140)).toBe(true);
  });

  it('says how many agents there is no room for', () => {
    const lines = drawBoard(board(), { ...narrow, rows: 12 });
    expect(lines.map((line) => line.trimEnd())).toContain('...       and 2 more');
    expect(lines).toHaveLength(11);
  });

  it('shows what is wrong in a line of its own, cut to the width', () => {
    const made = board();
    made.health = { status: 'degraded', upstreams: 1, statistics: 1, observers: 1, lastError: new StatisticsNetworkError('x'.repeat(200), 'refused'), retryAt: 11_500 };
    const lines = drawBoard(made, narrow).slice(-3);
    expect(lines[1]).toBe(`${'x'.repeat(79)}~`);
    expect(lines[2]).toBe('next attempt in 1.5 s');
  });

  it('shows a refused row as refused', () => {
    const made = board();
    (made.queues[1] ?? { error: '' }).error = 'no such queue';
    expect(drawBoard(made, narrow)[4]).toBe('Support@SIP    refused');
  });

  it('is the same text in colour', () => {
    const plain = drawBoard(board(), narrow);
    const coloured = drawBoard(board(), { ...narrow, color: true });
    expect(coloured.map(stripVTControlCharacters)).toEqual(plain);
    expect(coloured).not.toEqual(plain);
  });
});

describe('statusOf', () => {
  it.each([
    [{ status: 4 }, 4],
    [{ agentStatus: { status: 8 } }, 8],
    [{ stateValue: 23 }, 23],
    [{ intValue: 4 }, null],
    [null, null],
    [4, null],
  ])('%j is %s', (value, status) => {
    expect(statusOf(value)).toBe(status);
  });
});
