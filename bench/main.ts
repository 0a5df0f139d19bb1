/**
 * `npm run bench`: measures this library beside its alternatives, against a server in a process of its own, and prints the
 * results; ends by itself. A contestant that does not do the job fails the bench.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { readArguments, usage, UsageError, type Arguments } from './arguments.ts';
import { measure, type Result } from './bench.ts';
import { browserSectionOf, performancePage, withBrowserSection } from './performance.ts';
import { barText, plain, tableOf } from './report.ts';
import { startServer } from './run.ts';

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function printResult(result: Result): void {
  const { scenario, bars } = result;
  print(`\n${scenario.title}   [${scenario.name}]\n`);
  print(plain(tableOf(result)));
  if (bars.length > 0) {
    print('');
  }
  for (const judged of bars) {
    const { bar, measured, met } = barText(judged, scenario.figures);
    print(`  ${met.padEnd(7)}  ${bar}: ${measured}`);
  }
}

async function bench(asked: Arguments): Promise<void> {
  const begun = new Date();
  print(`Node ${process.version}, ${availableParallelism()} cores, ${asked.rounds} rounds. Medians; (x) is the median ratio to no library in the same round.`);
  const server = startServer();
  const results: Result[] = [];
  const progress = (text: string): void => {
    if (process.stderr.isTTY) {
      process.stderr.write(`\r\u001b[2K${text}`);
    }
  };
  try {
    for (const scenario of asked.scenarios) {
      try {
        const result = await measure(server, scenario, asked, progress);
        progress('');
        results.push(result);
        printResult(result);
      } catch (error) {
        // The other scenarios are still measured, but the bench has failed.
        print(`\n${scenario.title}   [${scenario.name}]\n\n  FAILED  ${messageOf(error)}`);
        process.exitCode = 1;
      }
    }
  } finally {
    await server.end();
  }
  const all = results.flatMap(({ bars }) => bars);
  print(`\n${all.filter(({ met }) => met).length} of ${all.length} bars met, in ${Math.round((Date.now() - begun.getTime()) / 1000)} s.`);
  if (asked.json !== undefined) {
    writeFileSync(asked.json, `${JSON.stringify(summary(begun, asked, results), undefined, 2)}\n`);
  }
  if (asked.write && results.length === asked.scenarios.length) {
    const file = new URL('../docs/performance.md', import.meta.url);
    const page = performancePage(results, { date: begun, rounds: asked.rounds });
    writeFileSync(file, withBrowserSection(page, browserSectionOf(readFileSync(file, 'utf8'))));
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function summary(begun: Date, { rounds, quick }: Arguments, results: readonly Result[]): object {
  return {
    date: begun.toISOString(),
    node: process.version,
    cores: availableParallelism(),
    rounds,
    quick,
    scenarios: results.map(({ scenario, rows, bars }) => ({ name: scenario.name, title: scenario.title, rows, bars })),
  };
}

try {
  const asked = readArguments(process.argv.slice(2));
  if (asked === 'help') {
    print(usage);
  } else {
    await bench(asked);
  }
} catch (error) {
  process.stderr.write(error instanceof UsageError ? `${error.message}\n\n${usage}` : `${messageOf(error)}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
