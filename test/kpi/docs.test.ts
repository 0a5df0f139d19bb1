/** The pages about figures: their snippets are the examples, their numbers are what the formulas give. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import * as kpi from '../../src/kpi/index.js';
import { allFormulas } from './formulas/all-formulas.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string): string => readFileSync(`${root}/${path}`, 'utf8');
const guides = readdirSync(`${root}/docs/guides`).filter((file) => /^(service-level|agents-needed|half-hourly-report)\.md$/.test(file));

/** The cells of every row of a page's tables. */
const rowsOf = (page: string): string[][] =>
  page
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim()));

const percent = (value: number): string => `${value.toFixed(1)} %`;

describe('the guides', () => {
  it.each(guides)('%s shows its example as it is', (file) => {
    const snippets = [...read(`docs/guides/${file}`).matchAll(/```ts file=(\S+)\n([\s\S]*?)```/g)];
    expect(snippets).toHaveLength(1);
    for (const [, path = '', code] of snippets) {
      expect(code).toBe(read(path));
    }
  });

  it.each(guides)('%s has an example of its name, where npm run examples finds it', (file) => {
    expect(readdirSync(`${root}/examples`)).toContain(file.replace('.md', '.ts'));
  });

  it('service-level.md: each of the four truths is what its formula gives', () => {
    const rows = rowsOf(read('docs/guides/service-level.md')).filter(([, formula]) => formula?.startsWith('`serviceLevel'));
    expect(rows).toHaveLength(4);
    for (const [, formula = '', result] of rows) {
      const [, name = '', inputs = ''] = /^`(\w+)\((.*)\)`$/.exec(formula) ?? [];
      const numbers = JSON.parse(inputs.replace(/(\w+):/g, '"$1":')) as never;
      const { [name as 'serviceLevel']: chosen } = kpi;
      expect(percent(chosen(numbers) ?? NaN), formula).toBe(result);
    }
  });

  it('agents-needed.md: the numbers of agents are what agentsNeeded gives', () => {
    const calls = [...read('docs/guides/agents-needed.md').matchAll(/^agentsNeeded\((\{.*\})\); \/\/ (\d+)$/gm)];
    expect(calls).toHaveLength(3);
    for (const [, given = '', agents] of calls) {
      expect(kpi.agentsNeeded(JSON.parse(given.replace(/(\w+):/g, '"$1":')) as never)).toBe(Number(agents));
    }
  });

  it('agents-needed.md: its table is what forecast gives', () => {
    const rows = rowsOf(read('docs/guides/agents-needed.md')).filter(([agents]) => /^\d+$/.test(agents ?? ''));
    expect(rows.length).toBeGreaterThan(3);
    for (const row of rows) {
      const given = { callsPerHour: 200, averageHandlingTime: 180, targetTime: 20, agents: Number(row[0]) };
      const [c, a] = [kpi.forecast(given), kpi.forecast({ ...given, averagePatience: 120 })];
      const seconds = (value: number): string => (value === Infinity ? 'never' : `${value.toFixed(1)} s`);
      expect(row.slice(1)).toEqual([
        percent(c.serviceLevel), seconds(c.averageSpeedOfAnswer), percent(c.occupancy),
        percent(a.serviceLevel), seconds(a.averageSpeedOfAnswer), percent(a.occupancy), percent(a.abandonRate),
      ]);
    }
  });
});

describe('kpi.md', () => {
  const page = read('docs/kpi.md');

  it('lists every formula with its inputs and its unit', () => {
    const rows = new Map(rowsOf(page).map(([name = '', inputs = '', unit = '']) => [name.replaceAll('`', ''), { inputs, unit }]));
    for (const { name, formula, needs, takes } of allFormulas) {
      const inputs = name === 'longestWait' ? 'any keys, or an array' : [...needs, ...takes.map((key) => `${key}?`)].join(', ');
      expect(rows.get(name), name).toEqual({ inputs, unit: formula.unit });
    }
  });

  it('names everything that the entry exports', () => {
    expect(Object.keys(kpi).filter((name) => !page.includes(`\`${name}`))).toEqual([]);
  });
});
