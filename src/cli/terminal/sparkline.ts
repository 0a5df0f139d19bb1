/** Numbers as a line of small columns. Pure. */

const blocks = Array.from('▁▂▃▄▅▆▇█');
/** For terminals that show ASCII only, from low to high. */
const marks = Array.from('_.-:=+*#');

/** A column for each number. Where all are equal, and no scale is given, the line is in the middle. */
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
