/** One run of the program: chooses the command, handles signals, prints one clear line for any error, and returns the exit code. */
import { readFile } from 'node:fs/promises';
import { StatisticsError, StatisticsOptionError } from '../index.js';
import type { Command } from './arguments/command.js';
import { helpOf, helpOfAll } from './arguments/help.js';
import { suggestion } from './arguments/nearest.js';
import { UsageError } from './arguments/usage-error.js';
import { commands } from './commands.js';
import { plain } from './terminal/plain.js';
import { wrap } from './terminal/wrap.js';
import { write } from './terminal/write.js';

const exitCode = { done: 0, upstream: 1, usage: 2 } as const;
/** The exit codes that shells use for signals: 128 plus the signal's number. */
const signalCode = { SIGHUP: 129, SIGINT: 130, SIGQUIT: 131, SIGTERM: 143 } as const;
const signals = Object.keys(signalCode) as (keyof typeof signalCode)[];
/** Milliseconds. A closed terminal sends SIGHUP more than once, and npm repeats the signals of its terminal: such echoes are ignored. */
const echoWithin = 200;

/** Resolves to the exit code. */
export async function run(argv: readonly string[]): Promise<number> {
  const stop = new AbortController();
  let stopped: number | undefined;
  let stoppedAt = 0;
  const interrupt = (signal: keyof typeof signalCode): void => {
    // The first signal ends the command cleanly, after its DELETEs. A second one ends the process at once.
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
  // The writer of standard output gets its own error. If standard error is closed, nobody can be told.
  process.stdout.on('error', () => undefined);
  process.stderr.on('error', () => undefined);
  const note = (text: string): void => void process.stderr.write(`${noteText(text, process.stderr)}\n`);
  try {
    const code = await dispatch(argv, { stop: stop.signal, output: process.stdout, env: process.env, note });
    return stopped ?? code;
  } catch (error) {
    if (stopped !== undefined && error === stop.signal.reason) {
      return stopped;
    }
    if (error instanceof UsageError || error instanceof StatisticsOptionError) {
      const command = commands.find(({ name }) => name === argv.find((argument) => !argument.startsWith('-')));
      note(`${error.message}\nSee genesys-statistics ${command === undefined ? '' : `${command.name} `}--help.`);
      return exitCode.usage;
    }
    if ((error as NodeJS.ErrnoException).code === 'EPIPE') {
      return stopped ?? exitCode.done;
    }
    const isExpected = error instanceof StatisticsError || (error instanceof Error && 'code' in error);
    note(error instanceof Error ? (isExpected ? error.message : (error.stack ?? error.message)) : String(error));
    return stopped ?? exitCode.upstream;
  }
}

/** Wraps lines between words on a terminal. Elsewhere lines stay whole, so that they can be searched. */
function noteText(text: string, { isTTY, columns }: { readonly isTTY: boolean; readonly columns: number }): string {
  const whole = `genesys-statistics: ${plain(text)}`;
  return isTTY && columns > 0 ? whole.split('\n').flatMap((line) => wrap(line, columns)).join('\n') : whole;
}

async function dispatch(argv: readonly string[], context: Parameters<Command['run']>[1]): Promise<number> {
  const { output } = context;
  const at = argv.findIndex((argument) => !argument.startsWith('-'));
  const flags = at === -1 ? argv : argv.slice(0, at);
  const [name, ...rest] = at === -1 ? [] : argv.slice(at);
  const isHelp = (argument: string): boolean => argument === '--help' || argument === '-h';
  if (name === 'help' || flags.some(isHelp)) {
    const [about = name] = name === 'help' ? rest : [];
    await write(output, about === undefined || about === 'help' ? helpOfAll(commands) : helpOf(find(about)));
    return exitCode.done;
  }
  if (flags.includes('--version') || flags.includes('-v')) {
    await write(output, `${await version()}\n`);
    return exitCode.done;
  }
  if (flags[0] !== undefined) {
    throw new UsageError(`which command? ${flags[0]} must stand behind one: ${commands.map((each) => each.name).join(', ')}`);
  }
  if (name === undefined) {
    throw new UsageError(`which command? There are ${commands.map((each) => each.name).join(', ')}`);
  }
  const command = find(name);
  const end = rest.indexOf('--');
  if ((end === -1 ? rest : rest.slice(0, end)).some(isHelp)) {
    await write(output, helpOf(command));
    return exitCode.done;
  }
  return command.run(rest, context);
}

/** @throws UsageError if there is no such command */
function find(name: string): Command {
  const command = commands.find((each) => each.name === name);
  if (command === undefined) {
    const names = commands.map((each) => each.name);
    throw new UsageError(`there is no command ${JSON.stringify(name.slice(0, 80))}${suggestion(name, names) || `, only ${names.join(', ')}`}`);
  }
  return command;
}

async function version(): Promise<string> {
  const { version: own } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string };
  return own;
}
