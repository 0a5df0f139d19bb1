#!/usr/bin/env node
/** The command `genesys-statistics`: which command, its signals, its exit code, and one clear line for whatever goes wrong. */
import { readFile } from 'node:fs/promises';
import { StatisticsError, StatisticsOptionError } from '../index.js';
import { readCommand, usage, UsageError } from './arguments.js';
import { runDemo } from './demo.js';
import { plain } from './plain.js';

const exitCode = { done: 0, upstream: 1, usage: 2 } as const;
/** As shells tell of who was ended by a signal: 128 and its number. */
const signalCode = { SIGINT: 130, SIGTERM: 143 } as const;

process.exitCode = await main(process.argv.slice(2));

async function main(argv: readonly string[]): Promise<number> {
  const stop = new AbortController();
  let stopped: number | undefined;
  const interrupt = (signal: keyof typeof signalCode): void => {
    // The first asks for a clean end, with what is open deleted; a second means it.
    if (stopped !== undefined) {
      process.exit(signalCode[signal]);
    }
    stopped = signalCode[signal];
    stop.abort();
  };
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  try {
    const command = readCommand(argv);
    switch (command.name) {
      case 'help':
        process.stdout.write(usage);
        return exitCode.done;
      case 'version':
        process.stdout.write(`${await version()}\n`);
        return exitCode.done;
      case 'demo': {
        const code = await runDemo(command.demo, stop.signal);
        return stopped ?? code;
      }
    }
  } catch (error) {
    if (error instanceof UsageError || error instanceof StatisticsOptionError) {
      process.stderr.write(`genesys-statistics: ${plain(error.message)}\nSee genesys-statistics --help.\n`);
      return exitCode.usage;
    }
    const expected = error instanceof StatisticsError || (error instanceof Error && 'code' in error);
    const text = error instanceof Error ? (expected ? error.message : (error.stack ?? error.message)) : String(error);
    process.stderr.write(`genesys-statistics: ${plain(text)}\n`);
    return exitCode.upstream;
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}

async function version(): Promise<string> {
  const { version: own } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string };
  return own;
}
