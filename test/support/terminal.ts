/** Terminals and pipes that record their output, and the context of a command that runs in this process. */
import { PassThrough } from 'node:stream';
import type { WriteStream } from 'node:tty';
import type { CommandContext } from '../../src/cli/arguments/command.js';

interface Output {
  readonly output: WriteStream;
  readonly text: () => string;
}

export function terminal(columns = 80, rows = 24): Output {
  return keeping(Object.assign(new PassThrough(), { isTTY: true, columns, rows }));
}

export const pipe = (): Output => keeping(new PassThrough());

function keeping(stream: PassThrough): Output {
  let text = '';
  stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return { output: stream as unknown as WriteStream, text: () => text };
}

/** Makes a context in which nothing stops the command, and the environment is empty. */
export function contextOf({ output }: Pick<Output, 'output'>, more: Partial<CommandContext> = {}): CommandContext {
  return { output, stop: new AbortController().signal, env: { TERM: 'xterm', LANG: 'C.UTF-8' }, note: () => undefined, ...more };
}

/** The lines of JSON in a text. */
export function linesOf(text: string): Record<string, unknown>[] {
  return text.trim().split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as Record<string, unknown>);
}
