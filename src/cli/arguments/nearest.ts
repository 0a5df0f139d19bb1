/** Finds the known name that a mistyped one probably stands for. Pure. */

/** The most similar name, or `undefined` if none is similar. Ignores case. */
function nearest(text: string, names: readonly string[]): string | undefined {
  const typed = text.toLowerCase();
  const scored = names
    .map((name) => ({ name, distance: name.startsWith(typed) && typed.length > 1 ? 0 : distanceOf(typed, name.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  const [best] = scored;
  return best !== undefined && best.distance <= Math.max(1, Math.floor(best.name.length / 3)) ? best.name : undefined;
}

/** Returns `; did you mean X?`, or an empty text if no name is similar. */
export function suggestion(text: string, names: readonly string[], prefix = ''): string {
  const name = nearest(text, names);
  return name === undefined ? '' : `; did you mean ${prefix}${name}?`;
}

/** The edit distance (Damerau-Levenshtein): letters added, removed, replaced or swapped with their neighbour. */
function distanceOf(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, column) => column)];
  const at = (row: number, column: number): number => rows[row]?.[column] ?? Infinity;
  // The limit bounds the cost of long texts. No option has a longer name.
  for (let row = 1; row <= Math.min(a.length, 40); row++) {
    rows[row] = [row];
    for (let column = 1; column <= b.length; column++) {
      const isSame = a[row - 1] === b[column - 1];
      const isExchanged = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      (rows[row] ?? [])[column] = Math.min(
        at(row - 1, column) + 1,
        at(row, column - 1) + 1,
        at(row - 1, column - 1) + (isSame ? 0 : 1),
        isExchanged ? at(row - 2, column - 2) + 1 : Infinity,
      );
    }
  }
  return at(rows.length - 1, b.length);
}
