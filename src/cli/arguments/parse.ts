/** Reads the arguments of one command by its options. Owns the refusal of secrets as arguments. Does not know what a command does. */
import { parseArgs } from 'node:util';
import { suggestion } from './nearest.js';
import type { Given, Options } from './option.js';
import { UsageError } from './usage-error.js';

interface Parsed<O extends Options> {
  readonly given: Given<O>;
  readonly operands: readonly string[];
}

/** Options that would hold a secret, each with its replacement. Other users of the machine can see arguments, and shells store them. */
const secrets: ReadonlyMap<string, string> = new Map([
  ...['token', 'bearer-token', 'access-token'].map((name) => [name, 'GENESYS_TOKEN or --token-file FILE'] as const),
  ...['key', 'api-key', 'apikey', 'x-api-key'].map((name) => [name, 'GENESYS_API_KEY or --key-file FILE'] as const),
]);

/** @throws UsageError */
export function parseArguments<O extends Options>({ name: command, options, operands: wanted }: { name: string; options: O; operands?: string }, argv: readonly string[]): Parsed<O> {
  const given: Record<string, unknown> = {};
  const operands: string[] = [];
  for (const [name, option] of Object.entries(options)) {
    given[name] = option.placeholder === undefined ? false : option.repeats === true ? [] : undefined;
  }
  const { tokens } = parseArgs({
    args: [...argv],
    strict: false,
    allowPositionals: true,
    tokens: true,
    options: Object.fromEntries(Object.entries(options).map(([name, { placeholder }]) => [name, { type: placeholder === undefined ? 'boolean' : 'string' }])),
  });
  for (const token of tokens) {
    if (token.kind === 'positional') {
      operands.push(token.value);
    } else if (token.kind === 'option') {
      const option = Object.hasOwn(options, token.name) ? options[token.name] : undefined;
      if (option === undefined) {
        throw unknownOption(command, token.name, token.rawName, Object.keys(options));
      }
      if (option.placeholder === undefined) {
        if (token.inlineValue === true) {
          throw new UsageError(`--${token.name} takes no value`);
        }
        given[token.name] = true;
        continue;
      }
      if (token.value === undefined || (!token.inlineValue && /^-./.test(token.value))) {
        throw new UsageError(`--${token.name} needs a value: --${token.name} ${option.placeholder}`);
      }
      const value = option.read(token.value, token.name);
      given[token.name] = option.repeats === true ? [...(given[token.name] as unknown[]), value] : value;
    }
  }
  if (wanted === undefined && operands.length > 0) {
    throw new UsageError(`${command} takes options only, got ${JSON.stringify(operands[0])}`);
  }
  return { given: given as Given<O>, operands };
}

function unknownOption(command: string, name: string, raw: string, known: readonly string[]): UsageError {
  // The message names the option only, because its value may be a secret.
  const instead = secrets.get(name.toLowerCase());
  return new UsageError(
    instead === undefined
      ? `${command} has no ${raw}${suggestion(name, known, '--')}`
      : `a secret is never an argument, since other users of this machine could read it: use ${instead} instead of ${raw}`,
  );
}
