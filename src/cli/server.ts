/**
 * The server of a command and its credentials: from options, the environment and files, or the simulator. Owns the rule that no
 * secret is an argument.
 */
import { readFile } from 'node:fs/promises';
import { StatisticsOptionError, type StatisticsClientOptions } from '../index.js';
import { createSimulator, type SimulatorOptions } from '../simulator/index.js';
import type { CommandContext } from './arguments/command.js';
import { readText, readTime, type Given } from './arguments/option.js';
import { timeOfDay } from './arguments/moment.js';
import { UsageError } from './arguments/usage-error.js';
import { fileProblem } from './file-problem.js';

export const serverOptions = {
  'base-url': { placeholder: 'URL', what: 'the server, path included: https://host/statistics/v3\n(default GENESYS_STATISTICS_URL)', read: readText },
  'key-file': { placeholder: 'FILE', what: 'holds the API key (default GENESYS_API_KEY)', read: readText },
  'token-file': { placeholder: 'FILE', what: 'holds the token, and is read again when the server\nrefuses it (default GENESYS_TOKEN)', read: readText },
  'allow-insecure': { what: 'allow http: to other machines: key and token travel in the clear' },
  demo: { what: 'start the simulator, a contact centre that does not exist,\nand use it as the server' },
} as const;

export const pollOptions = {
  interval: { placeholder: 'TIME', what: 'between two polls (default 5s, with --demo 1s); it grows up to\nfivefold while nothing changes', read: readTime },
} as const;

export const outputOptions = {
  json: { what: 'a line of JSON for each change, as into a pipe' },
  'no-color': { what: 'no colours; the same as NO_COLOR=1' },
  duration: { placeholder: 'TIME', what: 'end by itself after 5s, 2m, 1h or milliseconds', read: readTime },
} as const;

/** The server of a command. */
export interface Server {
  readonly options: StatisticsClientOptions & { readonly baseUrl: string };
  /** The name for people. */
  readonly title: string;
  readonly isDemo: boolean;
  readonly isTokenRenewable: boolean;
  readonly close: () => Promise<void>;
}

/** Simulated seconds per second, so that something happens on the wallboard. */
const demoSpeed = 10;
/** Minutes after midnight UTC. Soon after, the simulated centre has more calls than its staff can answer. */
const demoStart = 10 * 60 + 25;
const demoKey = 'demo-key-of-the-simulator';
/** Characters. A longer file is refused, because no key and no token is that long. */
const maxSecret = 64 * 1024;

/** @throws UsageError if no server is named, or a file holds no secret */
export async function openServer(given: Given<typeof serverOptions>, { env }: CommandContext): Promise<Server> {
  if (given.demo) {
    if (given['base-url'] !== undefined) {
      throw new UsageError('--demo and --base-url are two servers: give one of them');
    }
    return startDemo({});
  }
  const baseUrl = given['base-url'] ?? textIn(env, 'GENESYS_STATISTICS_URL');
  if (baseUrl === undefined) {
    throw new UsageError('which server? Give --base-url URL, or set GENESYS_STATISTICS_URL; --demo starts one that is simulated');
  }
  const credentials = await readCredentials(given, env);
  return {
    options: { baseUrl, ...credentials, ...(given['allow-insecure'] ? { allowInsecure: true } : {}) },
    title: baseUrl,
    isDemo: false,
    isTokenRenewable: given['token-file'] !== undefined,
    close: () => Promise.resolve(),
  };
}

/** Starts the simulator as the server, at an hour of today at which there is much to see. */
export async function startDemo(options: Pick<SimulatorOptions, 'seed'>): Promise<Server> {
  const simulator = await createSimulator({ speed: demoSpeed, startAt: timeOfDay(demoStart, new Date()), apiKey: demoKey, ...options });
  return {
    options: { baseUrl: simulator.url, apiKey: demoKey },
    title: `a simulated contact centre, ${demoSpeed}x speed`,
    isDemo: true,
    isTokenRenewable: false,
    close: () => simulator.close(),
  };
}

/** Reads the key and the token, each from its file or the environment. */
export async function readCredentials(
  given: Pick<Given<typeof serverOptions>, 'key-file' | 'token-file'>, env: NodeJS.ProcessEnv,
): Promise<Pick<StatisticsClientOptions, 'apiKey' | 'token'>> {
  const { 'key-file': keyFile, 'token-file': tokenFile } = given;
  if (tokenFile !== undefined) {
    await readSecret('token-file', tokenFile);
  }
  return {
    apiKey: keyFile === undefined ? textIn(env, 'GENESYS_API_KEY') : await readSecret('key-file', keyFile),
    token: tokenFile === undefined ? textIn(env, 'GENESYS_TOKEN') : () => readSecret('token-file', tokenFile),
  };
}

async function readSecret(option: string, file: string): Promise<string> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new UsageError(`--${option}: ${fileProblem(error, file)}`);
  }
  const secret = text.trim();
  if (secret === '' || secret.length > maxSecret || /[^\x21-\x7e]/.test(secret)) {
    throw new UsageError(`--${option}: ${file} must hold the secret alone, in one line`);
  }
  return secret;
}

/** Reads a variable. An empty one counts as not set. */
function textIn(env: NodeJS.ProcessEnv, name: string): string | undefined {
  const text = env[name]?.trim();
  return text === '' ? undefined : text;
}

/** Converts an error about an option of the client to the words of the command line. */
export function inOptions(error: unknown, given: Given<typeof serverOptions>): unknown {
  if (!(error instanceof StatisticsOptionError)) {
    return error;
  }
  const names: Readonly<Record<string, string>> = {
    baseUrl: given['base-url'] === undefined ? 'GENESYS_STATISTICS_URL' : '--base-url',
    apiKey: given['key-file'] === undefined ? 'GENESYS_API_KEY' : 'the key in --key-file',
    token: given['token-file'] === undefined ? 'GENESYS_TOKEN' : 'the token in --token-file',
  };
  const name = names[error.option];
  return name === undefined ? error : new UsageError(error.message.replace(error.option, name).replace('with allowInsecure: true', 'with --allow-insecure'));
}
