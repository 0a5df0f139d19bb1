/** Results as text: a table for each scenario, and below it each bar with the measured figure. Knows no medium. */
import { describe } from './contestants.ts';
import type { Judged, Result, Row } from './bench.ts';
import type { Figure, Unit } from './scenarios.ts';

export type Table = readonly (readonly string[])[];

/** The first row is the heading. */
export function tableOf({ scenario, rows }: Result): Table {
  return [['', ...scenario.figures.map(({ title, unit }) => (unit === 'ms' || unit === 'bytes' ? `${title}, ${unit}` : title))], ...rows.map((row) => cellsOf(scenario.figures, row))];
}

function cellsOf(figures: readonly Figure[], { contestant, medians, ratios }: Row): string[] {
  return [
    describe(contestant).title,
    ...figures.map(({ title, unit }) => {
      const ratio = ratios[title];
      const value = show(medians[title] ?? Number.NaN, unit);
      return ratio === undefined || contestant === 'limit' ? value : `${value} (${show(ratio, 'times')}x)`;
    }),
  ];
}

/** A bar beside the measured figure. */
export function barText({ figure, ratio, most, measured, met }: Judged, figures: readonly Figure[]): { bar: string; measured: string; met: string } {
  const unit = ratio === true ? 'times' : (figures.find(({ title }) => title === figure)?.unit ?? 'count');
  const suffix = ratio === true ? 'x' : unit === 'ms' ? ' ms' : unit === 'bytes' ? ' B' : '';
  return {
    bar: `${figure} ${most === 0 ? '' : '<= '}${most.toLocaleString('en')}${suffix}${ratio === true ? ' no library' : ''}`,
    measured: `${show(measured, unit)}${suffix}`,
    met: met ? 'met' : 'NOT MET',
  };
}

function show(value: number, unit: Unit): string {
  if (Number.isNaN(value)) {
    return '?';
  }
  const digits = unit === 'times' ? 2 : unit === 'bytes' ? 0 : unit === 'count' ? (Number.isInteger(value) ? 0 : 1) : value < 10 ? 2 : value < 100 ? 1 : 0;
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** For a terminal. */
export function plain(table: Table): string {
  const widths = (table[0] ?? []).map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  return table.map((row) => row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join('  ')).join('\n');
}

export function markdown([head = [], ...rows]: Table): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, column) => (column === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n');
}
