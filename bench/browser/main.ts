/**
 * Measures the cost of a poll in a page of Chromium for three ways to read answers: comparing each statistic as in Node, comparing
 * the whole answer as in a browser, and always parsing. Owns the measuring; the page's program is `page.ts`.
 *
 *     npm run bench:browser -- [--rounds N] [--write]
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { chromium, type Browser } from 'playwright-core';
import { readRounds } from '../arguments.ts';
import { median } from '../bench.ts';
import { withBrowserSection } from '../performance.ts';
import { markdown, plain } from '../report.ts';
import type { BrowserLoad, BrowserRun } from './page.ts';

/** The implementation of `#compare` for each variant. */
const variants = {
  'each statistic compared': '../../dist/upstream/answer/compare.js',
  'the whole compared': '../../dist/upstream/answer/compare.browser.js',
  'always parsed': './parse.ts',
} as const;
type Variant = keyof typeof variants;
const names = Object.keys(variants) as Variant[];

const loads: readonly BrowserLoad[] = [1000, 10_000].flatMap((statistics) =>
  [0, 0.1, 1].map((share) => ({ statistics, share, warmUp: statistics > 1000 ? 15 : 100, polls: statistics > 1000 ? 30 : 200 })),
);

const pathOf = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

async function bundle(variant: Variant): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [pathOf('./page.ts')],
    bundle: true,
    format: 'iife',
    platform: 'browser',
    target: 'es2023',
    // Ignores the project's tsconfig, whose `paths` lead to the sources.
    tsconfigRaw: '{}',
    write: false,
    plugins: [{ name: 'variant', setup: ({ onResolve }) => onResolve({ filter: /^#compare$/ }, () => ({ path: pathOf(variants[variant]) })) }],
  });
  return outputFiles.map(({ text }) => text).join('');
}

/** Milliseconds of CPU for each poll: of the page's whole process, collections and compiling included. */
async function measure(browser: Browser, home: string, code: string, load: BrowserLoad): Promise<number> {
  const page = await browser.newPage();
  try {
    await page.goto(home);
    await page.addScriptTag({ content: code });
    const session = await page.context().newCDPSession(page);
    await session.send('Performance.enable');
    const cpu = async (): Promise<number> => {
      const { metrics } = await session.send('Performance.getMetrics');
      return 1000 * (metrics.find(({ name }) => name === 'ProcessTime')?.value ?? Number.NaN);
    };
    await page.evaluate((given) => (globalThis as unknown as { run: BrowserRun }).run.start(given), load);
    const before = await cpu();
    await page.evaluate(() => (globalThis as unknown as { run: BrowserRun }).run.poll());
    const after = await cpu();
    const { told, expected } = await page.evaluate(() => (globalThis as unknown as { run: BrowserRun }).run.end());
    if (told.deliveries !== expected.deliveries || told.checksum !== expected.checksum) {
      throw new Error(`the observers were told ${JSON.stringify(told)}, but should have been told ${JSON.stringify(expected)}`);
    }
    return (after - before) / load.polls;
  } finally {
    await page.close();
  }
}

/** The cells of one load: the median of each variant, and of its ratios to the first in the same round. */
async function row(browser: Browser, home: string, codes: ReadonlyMap<Variant, string>, load: BrowserLoad, rounds: number): Promise<string[]> {
  const costs = new Map<Variant, number[]>(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    // Another variant begins each time, so that none always follows the same one.
    for (let turn = 0; turn < names.length; turn++) {
      const name = names[(round + turn) % names.length] as Variant;
      costs.get(name)?.push(await measure(browser, home, codes.get(name) ?? '', load));
    }
  }
  const parsed = costs.get('always parsed') ?? [];
  return [
    load.statistics.toLocaleString('en'),
    `${100 * load.share} %`,
    ...names.map((name) => {
      const own = costs.get(name) ?? [];
      const ratio = median(own.map((cost, index) => cost / (parsed[index] ?? Number.NaN)));
      return name === 'always parsed' ? median(own).toFixed(1) : `${median(own).toFixed(1)} (${ratio.toFixed(2)}x)`;
    }),
  ];
}

const { values: asked } = parseArgs({ options: { rounds: { type: 'string' }, write: { type: 'boolean' } } });
const rounds = readRounds(asked.rounds) ?? 5;
const codes = new Map<Variant, string>();
for (const name of names) {
  codes.set(name, await bundle(name));
}
// Served, because only a page of a secure origin can make ids.
const server = createServer((_, response) => response.setHeader('content-type', 'text/html').end('<!doctype html>'));
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--headless', '--no-sandbox', '--disable-gpu'] });
const table: string[][] = [['statistics', 'change', ...names.map((name) => `${name}, ms`)]];
try {
  for (const load of loads) {
    table.push(await row(browser, `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, codes, load, rounds));
    process.stderr.write(`${table.at(-1)?.join('  ') ?? ''}\n`);
  }
} finally {
  await browser.close();
  server.close();
}
process.stdout.write(`${plain(table)}\n`);
if (asked.write === true) {
  const file = new URL('../../docs/performance.md', import.meta.url);
  const section = `What a poll costs a page of Chromium, by how its answers are read: milliseconds of CPU of the page's whole process. Measured on
${new Date().toISOString().slice(0, 10)}, Chromium ${browser.version()}, medians of ${rounds} interleaved rounds; in parentheses the median of the ratios to parsing in the same
round. One observer for each statistic, one upstream, and a \`fetch\` in the page that answers from memory.

    npm run bench:browser                           builds, measures, prints
    npm run bench:browser -- --write                the same, and writes this section

${markdown(table)}

The bound: Reading a body as such, which all share. At the default \`batch.size\` of 500 an answer is smaller than any of these. Where a poll brings
nothing new, comparing the whole answer saves the parsing. Comparing each statistic pays only for thousands of statistics in one upstream of which
few change, and is 1.3 kB of code; so a browser parses whatever changed (\`src/upstream/answer/compare.browser.ts\`).
`;
  writeFileSync(file, withBrowserSection(readFileSync(file, 'utf8'), section));
}
