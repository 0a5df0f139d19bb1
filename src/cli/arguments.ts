/** What the command line asks for: parsed, checked, or a usage error. Knows no command's work. */
import { parseArgs } from 'node:util';

/** The command line does not fit: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export interface DemoArguments {
  readonly json: boolean;
  /** Milliseconds after which it ends by itself; `undefined`: when it is interrupted. */
  readonly duration: number | undefined;
  /** Milliseconds between polls. */
  readonly interval: number;
  /** Seed of the simulated contact centre. */
  readonly seed: number;
  /** A server to watch instead of the simulator. */
  readonly baseUrl: string | undefined;
}

export type Command = { readonly name: 'help' } | { readonly name: 'version' } | { readonly name: 'demo'; readonly demo: DemoArguments };

export const usage = `Usage: genesys-statistics demo [options]

  demo                 starts a simulated contact centre and shows it live, through the real client

Options of demo:
  --json               one JSON line per change instead of the wallboard (always so when piped)
  --duration MS        end by itself after so many milliseconds
  --interval MS        between polls (default 1000)
  --seed N             of the simulated contact centre (default 1)
  --base-url URL       watch another server instead, with the key in GENESYS_API_KEY and the
                       token in GENESYS_TOKEN; its path included: https://host/statistics/v3

  -h, --help           this text
  -v, --version        the version

NO_COLOR switches colours off. Exit codes: 0 done, 1 the server failed, 2 usage; 129 hung up, 130 interrupted,
131 quit, 143 terminated.
`;

/** @throws UsageError */
export function readCommand(argv: readonly string[]): Command {
  const { values, positionals } = parse(argv);
  if (values.help === true) {
    return { name: 'help' };
  }
  if (values.version === true) {
    return { name: 'version' };
  }
  const [name, ...rest] = positionals;
  if (name !== 'demo' || rest.length > 0) {
    throw new UsageError(name === undefined ? 'which command?' : `unknown: ${positionals.join(' ')}`);
  }
  return {
    name,
    demo: {
      json: values.json === true,
      duration: values.duration === undefined ? undefined : readNumber('--duration', values.duration, 1),
      interval: readNumber('--interval', values.interval, 1),
      seed: readNumber('--seed', values.seed, 0),
      baseUrl: values['base-url'],
    },
  };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        json: { type: 'boolean' },
        duration: { type: 'string' },
        interval: { type: 'string', default: '1000' },
        seed: { type: 'string', default: '1' },
        'base-url': { type: 'string' },
        help: { type: 'boolean', short: 'h' },
        version: { type: 'boolean', short: 'v' },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function readNumber(option: string, text: string, min: number): number {
  if (!/^\d{1,10}$/.test(text) || Number(text) < min || Number(text) > 2 ** 31 - 1) {
    throw new UsageError(`${option} must be a whole number from ${min} to ${2 ** 31 - 1}, got ${JSON.stringify(text)}`);
  }
  return Number(text);
}
