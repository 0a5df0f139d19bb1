/**
 * Measures the cost of the Angular layer and compares it with its limits: bytes, stability, renders, rendering on a server, a
 * thousand tiles, a test. Owns the list and the printing.
 *
 *     npm run bench:angular -- [--seconds N]      N: how long the thousand tiles are watched, by default 30
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { createSimulator } from '../../dist/simulator/index.js';
import { median } from '../bench.ts';
import { plain } from '../report.ts';
import { buildApplication, runNg, temporaryFolder, weigh } from './build.ts';
import { addressOf, load, serveFiles, stableAfter } from './page.ts';
import { render } from './render.ts';

const { values: asked } = parseArgs({ options: { seconds: { type: 'string', default: '30' } } });
const seconds = Number(asked.seconds);
if (!(seconds >= 1 && seconds <= 3600)) {
  throw new Error(`--seconds must be a number from 1 to 3600, got ${asked.seconds}`);
}

const table: string[][] = [['what', 'measured', 'bar', '']];

function note(what: string, measured: number, bar: number, unit: string): void {
  table.push([what, `${measured.toFixed(measured < 10 ? 2 : 0)} ${unit}`, `${bar} ${unit}`, measured <= bar ? '' : 'missed']);
  process.stderr.write(`${table.at(-1)?.join('  ') ?? ''}\n`);
}

async function weights(): Promise<void> {
  const [complete, client, without] = [await weigh('with'), await weigh('client'), await weigh('without')];
  note('more than the same application without statistics', (complete.gzipped - without.gzipped) / 1000, 30, 'kB gzip');
  note('of that the Angular layer', (complete.gzipped - client.gzipped) / 1000, 2.5, 'kB gzip');
  note('growth of @angular/core', (complete.core - without.core) / 1000, 8, 'kB');
}

async function pages(): Promise<void> {
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'] });
  // Accepts, and never answers.
  const silent = createServer(() => undefined);
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  try {
    for (const configuration of ['zoneless', 'zone']) {
      const files = await serveFiles(await buildApplication('tiles', configuration));
      const simulator = await createSimulator({ queues: 1000 });
      const after: number[] = [];
      for (let round = 0; round < 5; round++) {
        after.push(await stableAfter(browser, files, simulator.url));
      }
      note(`${configuration}: stable after the first value`, median(after), 50, 'ms');
      note(`${configuration}: stable with a server that hangs`, await stableAfter(browser, files, `${addressOf(silent)}/statistics/v3`), 1100, 'ms from its start');
      if (configuration === 'zoneless') {
        const { core, perAnswer, longest, renders, idleRenders, heap, seconds: took } = await load(browser, files, simulator, 1000, seconds);
        note('1,000 tiles that all change each second', core, 15, '% of a core');
        note('CPU of the main thread for each answer', perAnswer, 50, 'ms');
        note('the longest task, on an idle machine', longest, 50, 'ms');
        note('renders for each answer', renders, 1, 'renders');
        note('renders while nothing changes', idleRenders, 0, 'renders');
        note(`growth of the heap within ${took.toFixed(0)} s`, (heap[1] - heap[0]) / 1e6, 0.5, 'MB');
      }
      files.close();
      await simulator.close();
    }
  } finally {
    silent.close();
    silent.closeAllConnections();
    await browser.close();
  }
}

async function renders(): Promise<void> {
  const folder = await buildApplication('tiles', 'ssr');
  const faults = [['answers', undefined], ['answers 503', { kind: 'status', status: 503, times: Infinity }], ['hangs', { kind: 'hang', times: Infinity }], ['is down', 'down']] as const;
  for (const [name, fault] of faults) {
    const { took, opened, after } = await render(folder, fault);
    note(`a render where the server ${name}`, took, 1150, 'ms');
    note('opened by it', opened, 0, 'subscriptions');
    note('in the second after it', after, 0, 'requests');
  }
}

async function specs(): Promise<void> {
  const report = join(temporaryFolder(), 'report.json');
  await runNg('wallboard', ['test', '--reporters', 'json', '--output-file', report]);
  const { testResults } = JSON.parse(readFileSync(report, 'utf8')) as { testResults: { assertionResults: { duration: number }[] }[] };
  const durations = testResults.flatMap(({ assertionResults }) => assertionResults.map(({ duration }) => duration));
  note(`a spec of a tile, median of ${durations.length}`, median(durations), 30, 'ms');
}

await weights();
await pages();
await renders();
await specs();
process.stdout.write(`${plain(table)}\n`);
