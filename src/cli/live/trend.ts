/** The recent past of a number, in a few cells of equal time. Pure: the caller says what time it is. */

/** What a number was, from when on. Oldest first. */
export interface Trend {
  points: { readonly at: number; readonly value: number }[];
}

/** The cells of a trend, oldest first, and the time that they cover together, in milliseconds. */
export interface TrendCells {
  readonly values: readonly number[];
  readonly span: number;
}

/** Cells may cover these times, in milliseconds. */
const widths = [1, 2, 5, 10, 20, 30, 60, 120, 300].map((seconds) => seconds * 1000);
const maxPoints = 1024;

export const createTrend = (): Trend => ({ points: [] });

export function addPoint(trend: Trend, at: number, value: number): void {
  if (trend.points.at(-1)?.value !== value) {
    trend.points.push({ at, value });
  }
  if (trend.points.length > maxPoints) {
    // What is old is shown in wide cells, for which every other point is enough.
    trend.points = trend.points.filter((_, index) => index % 2 === 0 || index > maxPoints / 2);
  }
}

/**
 * At most `count` cells, each the value at its end. The first begins with the first point, so a young trend has few, and a number
 * that has never changed has one. All edges are multiples of a cell's width: cells move together, once in that time.
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
