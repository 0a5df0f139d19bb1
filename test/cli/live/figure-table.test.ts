/** The table of `watch` and `kpi`, drawn from plain data. */
import { describe, expect, it } from 'vitest';
import { createFigure, type Figure } from '../../../src/cli/live/figure.js';
import { drawFigures } from '../../../src/cli/live/figure-table.js';
import type { Canvas } from '../../../src/cli/terminal/show.js';
import { paint } from '../../../src/cli/terminal/spans.js';
import { StatisticRejectedError, StatisticsError } from '../../../src/index.js';

const canvas: Canvas = { columns: 80, rows: 24, now: 100_000, unicode: true };

function live(name: string, unit: string, number: number, change: number): Figure {
  const reading = { value: number, number, raw: number, timestamp: null };
  return Object.assign(createFigure('statistic', { name, objectId: 'Sales@SIP', objectType: 'Queue' }, unit), { status: 'live', reading, change } as const);
}

function refused(name: string, reason: string): Figure {
  const error = new StatisticRejectedError('is refused', [], { cause: new StatisticsError(reason) });
  return Object.assign(createFigure('statistic', { name, objectId: 'Sales@SIP', objectType: 'Queue' }, 'count'), { status: 'failed', error } as const);
}

const drawn = (figures: readonly Figure[], size: Partial<Canvas> = {}): string[] =>
  drawFigures({ figures, polls: 0 }, 'Statistics', { ...canvas, ...size }).map((line) => paint(line, false));

describe('the table of figures', () => {
  it('shows no change that is too small to be seen in the value', () => {
    const rows = drawn([live('A', 'percent', 93.3, 0.02), live('B', 'percent', 93.3, -0.4), live('C', 'seconds', 5, 0.3), live('D', 'count', 5, -2)]).slice(-4);
    expect(rows.map((row) => row.split(/ {2,}/).slice(3))).toEqual([[], ['-0.4%'], [], ['-2']]);
  });

  it('keeps room for the reasons where rows are too narrow for them', () => {
    const figures = [...['A', 'B', 'C', 'D', 'E'].map((name) => live(name, 'count', 1, 0)), refused('F', 'no such name'), refused('G', 'no such name')];
    expect(drawn(figures, { columns: 40, rows: 8 }).slice(-3)).toEqual(['now      C                1', 'and 4 more', 'refused: no such name']);
  });
});
