/** The recent past of a number, as a few cells of equal duration. Pure: the caller passes the time. */

/** The values of a number, each with the time at which it began. Oldest first. */
export interface Trend {
  points: { readonly at: number; readonly value: number }[];
}

/** The cells of a trend, oldest first, and the time that they cover together, in milliseconds. */
export interface TrendCells {
  readonly values: readonly number[];
  readonly span: number;
}

/** The possible durations of a cell, in milliseconds. */
const widths = [1, 2, 5, 10, 20, 30, 60, 120, 300].map((seconds) => seconds * 1000);
const maxPoints = 1024;

export const createTrend = (): Trend => ({ points: [] });

export function addPoint(trend: Trend, at: number, value: number): void {
  if (trend.points.at(-1)?.value !== value) {
    trend.points.push({ at, value });
  }
  if (trend.points.length > maxPoints) {
    // Old values share wide cells, so half of their points are enough.
    trend.points = trend.points.filter((_, index) => index % 2 === 0 || index > maxPoints / 2);
  }
}

/**
 * Returns at most `count` cells, each with the value at its end. The first cell begins at the first point, so a young trend has few
 * cells. A number that has never changed has one cell. Cells begin at multiples of their duration, so all of them move together, once
 * per duration.
 */
export function cellsOf({ points }: Trend, count: number, now: number): TrendCells {
  const [first] = points;
  if (first === undefined || count < 1) {
    return { values: [], span: 0 };
  }
  if (points.length === 1) {
    return { values: [first.value], span: 0 };
  }
  const width = widths.find((each) => now - first.at < each * (count - 1)) ?? widths.at(-1) ?? 1;
  const end = Math.floor(now / width) + 1;
  const start = Math.max(Math.floor(first.at / width), end - count);
  const values: number[] = [];
  let next = 0;
  let value = first.value;
  for (let cell = start; cell < end; cell++) {
    for (let point = points[next]; point !== undefined && point.at < (cell + 1) * width; point = points[++next]) {
      value = point.value;
    }
    values.push(value);
  }
  return { values, span: (end - start) * width };
}
