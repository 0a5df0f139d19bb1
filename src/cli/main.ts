#!/usr/bin/env node
/** The command `genesys-statistics`: which command, its signals, its exit code, and one clear line for whatever goes wrong. */
import { readFile } from 'node:fs/promises';
import { StatisticsError, StatisticsOptionError } from '../index.js';
import { readCommand, usage, UsageError } from './arguments.js';
import { runDemo } from './demo.js';
import { plain } from './plain.js';

const exitCode = { done: 0, upstream: 1, usage: 2 } as const;
/** As shells tell of who was ended by a signal: 128 and its number. */
const signalCode = { SIGHUP: 129, SIGINT: 130, SIGQUIT: 131, SIGTERM: 143 } as const;
const signals = Object.keys(signalCode) as (keyof typeof signalCode)[];
/** A closed terminal hangs up more than once, and npm passes on what its terminal has sent already: such echoes ask for nothing more. */
const echoWithin = 200;

process.exitCode = await main(process.argv.slice(2));

async function main(argv: readonly string[]): Promise<number> {
  const stop = new AbortController();
  let stopped: number | undefined;
  let stoppedAt = 0;
  const interrupt = (signal: keyof typeof signalCode): void => {
    // The first asks for a clean end, with what is open deleted; a second means it.
    if (stopped !== undefined) {
      if (Date.now() - stoppedAt > echoWithin) {
        process.exit(signalCode[signal]);
      }
      return;
    }
    stopped = signalCode[signal];
    stoppedAt = Date.now();
    stop.abort();
  };
  for (const signal of signals) {
    process.on(signal, interrupt);
  }
  // Whoever writes hears of it; nobody is left to tell where standard error is gone.
  process.stdout.on('error', () => undefined);
  process.stderr.on('error', () => undefined);
  try {
    const command = readCommand(argv);
    switch (command.name) {
      case 'help':
        await print(usage);
        return exitCode.done;
      case 'version':
        await print(`${await version()}\n`);
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
    if ((error as NodeJS.ErrnoException).code === 'EPIPE') {
      return stopped ?? exitCode.done;
    }
    const expected = error instanceof StatisticsError || (error instanceof Error && 'code' in error);
    const text = error instanceof Error ? (expected ? error.message : (error.stack ?? error.message)) : String(error);
    process.stderr.write(`genesys-statistics: ${plain(text)}\n`);
    return exitCode.upstream;
  }
}

/** @throws what the system says of standard output, such as that the disk is full */
function print(text: string): Promise<void> {
  return new Promise((resolve, reject) => process.stdout.write(text, (error) => (error ? reject(error) : resolve())));
}

async function version(): Promise<string> {
  const { version: own } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string };
  return own;
}
