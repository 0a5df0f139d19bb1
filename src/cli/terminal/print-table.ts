/** Prints a table once, or its rows as lines of JSON. Does not know what they are about. */
import type { CommandContext } from '../arguments/command.js';
import { hasColours } from './show.js';
import { cut, paint } from './spans.js';
import { table, type Column } from './table.js';
import { write, writeLines } from './write.js';

export interface PrintedRow {
  readonly cells: readonly string[];
  /** Further lines of the row, for people. */
  readonly more?: readonly (readonly string[])[];
  readonly line: object;
}

/** Prints a table to a terminal, and lines of JSON to a pipe. */
export async function printTable(
  columns: readonly Column[], rows: readonly PrintedRow[], given: { readonly json: boolean; readonly 'no-color': boolean }, { output, env }: CommandContext,
): Promise<void> {
  if (given.json || !output.isTTY) {
    await writeLines(output, rows.map(({ line }) => line));
    return;
  }
  const lines = table(columns, rows.flatMap(({ cells, more = [] }) => [cells, ...more].map((each) => each.map((text) => ({ text: cut(text, 400) })))), output.columns || 80);
  await write(output, `${lines.map((line) => paint(line, hasColours(given, env))).join('\n')}\n`);
}
