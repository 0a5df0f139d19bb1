/** The arguments of `npm run bench`, checked before anything is measured. Owns the options' names and bounds. */
import { parseArgs } from 'node:util';
import { names, type Name } from './contestants.ts';
import { scenarios, type Scenario } from './scenarios.ts';

export interface Arguments {
  readonly scenarios: readonly Scenario[];
  readonly contestants: readonly Name[];
  readonly rounds: number;
  readonly quick: boolean;
  readonly json: string | undefined;
  readonly write: boolean;
}

export const usage = `npm run bench -- [options]

  --only A,B         only these scenarios: ${scenarios.map(({ name }) => name).join(', ')}
  --contestants A,B  only these contestants: ${names.join(', ')}
  --rounds N         1 to 100; 5 without it, 1 with --quick
  --quick            one round of fewer polls, and fewer contestants: about a minute
  --json FILE        writes all rounds' figures
  --write            writes docs/performance.md; not with --only, --contestants or --quick
  --help             this

Ratios are to the contestant "limit" in the same round.
`;

/** Enough to compare this library with the limit. */
const few: readonly Name[] = ['limit', 'limit-slices', 'ours'];

/** An argument is not usable. */
export class UsageError extends Error {}

/** @returns `'help'` if that was asked for. */
export function readArguments(given: readonly string[]): Arguments | 'help' {
  const values = parse(given);
  if (values.help === true) {
    return 'help';
  }
  const quick = values.quick ?? false;
  const write = values.write ?? false;
  if (write && (quick || values.only !== undefined || values.contestants !== undefined)) {
    throw new UsageError('--write needs all of it: leave out --only, --contestants and --quick');
  }
  const asked = listed('--only', values.only, scenarios.map(({ name }) => name));
  return {
    scenarios: scenarios.filter(({ name, hidden }) => (asked === undefined ? hidden !== true : asked.includes(name))),
    contestants: listed('--contestants', values.contestants, names) ?? (quick ? few : names),
    rounds: readRounds(values.rounds) ?? (quick ? 1 : 5),
    quick,
    json: values.json,
    write,
  };
}

function parse(given: readonly string[]) {
  try {
    return parseArgs({
      args: [...given],
      options: {
        only: { type: 'string', multiple: true },
        contestants: { type: 'string', multiple: true },
        rounds: { type: 'string' },
        quick: { type: 'boolean' },
        json: { type: 'string' },
        write: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function listed<T extends string>(option: string, given: readonly string[] | undefined, known: readonly T[]): readonly T[] | undefined {
  const asked = given?.flatMap((list) => list.split(',')).map((name) => name.trim());
  const unknown = asked?.find((name) => !known.includes(name as T));
  if (unknown !== undefined) {
    throw new UsageError(`${option} ${JSON.stringify(unknown)}: known are ${known.join(', ')}`);
  }
  return asked as readonly T[] | undefined;
}

export function readRounds(given: string | undefined): number | undefined {
  if (given === undefined) {
    return undefined;
  }
  if (!/^\d{1,3}$/.test(given) || Number(given) < 1 || Number(given) > 100) {
    throw new UsageError(`--rounds must be a whole number from 1 to 100, got ${JSON.stringify(given)}`);
  }
  return Number(given);
}
