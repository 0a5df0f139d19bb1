/** The start message and the end of commands that run a server. */
import { once } from 'node:events';
import type { CommandContext } from './arguments/command.js';
import { UsageError } from './arguments/usage-error.js';
import { write, writeLines } from './terminal/write.js';

interface Serving {
  readonly url: string;
  readonly port: number;
}

interface Given {
  readonly json: boolean;
  /** The files of the key and the token that the server demands. The command to try needs them as well. */
  readonly 'key-file'?: string | undefined;
  readonly 'token-file'?: string | undefined;
}

/** Writes the address: as a line of JSON for programs, or with a command to try for people. */
export async function announce({ url, port }: Serving, what: string, given: Given, { output }: CommandContext): Promise<void> {
  if (given.json || !output.isTTY) {
    await writeLines(output, [{ type: 'listening', url, port, at: new Date().toISOString() }]);
  } else {
    const files = (['key-file', 'token-file'] as const).map((option) => (given[option] === undefined ? '' : ` --${option} ${given[option]}`)).join('');
    await write(output, `${url}\n${what}\n\nTry it from another terminal:\n  genesys-statistics watch Current_In_Queue Queue/Sales@SIP --base-url ${url}${files}\n\nCtrl-C ends it.\n`);
  }
}

/** Resolves when `stop` aborts, or after `duration`. */
export async function untilEnded(stop: AbortSignal, duration: number | undefined): Promise<void> {
  const signal = duration === undefined ? stop : AbortSignal.any([stop, AbortSignal.timeout(duration)]);
  if (!signal.aborted) {
    await once(signal, 'abort');
  }
}

/** Converts the error for an unavailable port or address to a usage error. Returns any other error unchanged. */
export function cannotListen(error: unknown, port: number, host = '127.0.0.1'): unknown {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'EADDRINUSE':
      return new UsageError(`port ${port} is taken by another program: give another --port, or 0 for a free one`);
    case 'EACCES':
      return new UsageError(`port ${port} is for privileged programs: give another --port, or 0 for a free one`);
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EADDRNOTAVAIL':
      return new UsageError(`--host ${host} is not an address of this machine: 127.0.0.1 is for this machine alone, 0.0.0.0 for others too`);
    default:
      return error;
  }
}
