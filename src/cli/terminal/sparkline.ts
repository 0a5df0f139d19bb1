/** Draws numbers as a line of small columns. Pure. */

const blocks = Array.from('▁▂▃▄▅▆▇█');
/** Columns from low to high, for terminals that show ASCII only. */
const marks = Array.from('_.-:=+*#');

/** Draws a column for each number. If all are equal and no scale is given, the columns have a medium height. */
export function sparkline(numbers: readonly number[], unicode: boolean, scale?: { readonly low: number; readonly high: number }): string {
  const { low, high } = scale ?? { low: Math.min(...numbers), high: Math.max(...numbers) };
  const columns = unicode ? blocks : marks;
  return numbers
    .map((number) => {
      const share = high > low ? (number - low) / (high - low) : 0.4;
      return columns[Math.max(0, Math.min(columns.length - 1, Math.floor(share * columns.length)))] ?? '';
    })
    .join('');
}
