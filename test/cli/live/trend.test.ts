import { describe, expect, it } from 'vitest';
import { addPoint, cellsOf, createTrend, type Trend } from '../../../src/cli/live/trend.js';
import { sparkline } from '../../../src/cli/terminal/sparkline.js';

function trendOf(...points: [seconds: number, value: number][]): Trend {
  const trend = createTrend();
  points.forEach(([seconds, value]) => addPoint(trend, seconds * 1000, value));
  return trend;
}

describe('a trend', () => {
  it('is empty without a value, and one cell as long as nothing has changed', () => {
    expect(cellsOf(createTrend(), 10, 5000)).toEqual({ values: [], span: 0 });
    expect(cellsOf(trendOf([0, 7], [3, 7]), 10, 900_000)).toEqual({ values: [7], span: 0 });
  });

  it('begins with the first value, and holds each value until the next', () => {
    expect(cellsOf(trendOf([0, 1], [2, 5], [3, 2]), 10, 4500)).toEqual({ values: [1, 1, 5, 2, 2], span: 5000 });
  });

  it('covers longer and longer times in the same cells, up to five minutes each', () => {
    const trend = trendOf([0, 1], [30, 2]);
    expect(cellsOf(trend, 10, 60_000)).toEqual({ values: [1, 1, 1, 2, 2, 2, 2], span: 70_000 });
    expect(cellsOf(trend, 10, 86_400_000)).toEqual({ values: Array.from({ length: 10 }, () => 2), span: 3_000_000 });
  });

  it('moves once per cell, at the same moment for every trend', () => {
    const [early, late] = [trendOf([0, 1], [1, 2]), trendOf([0.7, 1], [1, 2])];
    expect(cellsOf(early, 4, 2999)).toEqual({ values: [1, 2, 2], span: 3000 });
    expect(cellsOf(late, 4, 2999).values).toHaveLength(3);
  });

  it('is bounded, however often the number changes', () => {
    const trend = createTrend();
    for (let at = 0; at < 100_000; at++) {
      addPoint(trend, at, at % 7);
    }
    expect(trend.points.length).toBeLessThan(1100);
    expect(trend.points.at(-1)).toEqual({ at: 99_999, value: 99_999 % 7 });
  });
});

describe('a sparkline', () => {
  it('spreads from the lowest to the highest, or over a scale that is given', () => {
    expect(sparkline([0, 1, 2, 3, 4, 5, 6, 7], true)).toBe('▁▂▃▄▅▆▇█');
    expect(sparkline([0, 50, 100, 200, -5], true, { low: 0, high: 100 })).toBe('▁▅██▁');
    expect(sparkline([0, 7], false)).toBe('_#');
  });

  it('is in the middle where nothing differs', () => {
    expect(sparkline([5, 5], true)).toBe('▄▄');
    expect(sparkline([], true)).toBe('');
  });
});
