/** The type of a command: the data for help and usage errors, and its work. Knows no command. */
import type { WriteStream } from 'node:tty';
import { parseArguments } from './parse.js';
import type { Given, Options } from './option.js';

/** The surroundings of a command: streams, environment, signals. */
export interface CommandContext {
  /** Aborts on a signal. The command then deletes everything that it opened, and ends. */
  readonly stop: AbortSignal;
  readonly output: WriteStream;
  readonly env: NodeJS.ProcessEnv;
  /** Writes a line for people to standard error, apart from the output. */
  readonly note: (text: string) => void;
}

export interface Example {
  /** The arguments after `genesys-statistics`. */
  readonly line: string;
  readonly what: string;
}

export interface CommandSpec<O extends Options> {
  readonly name: string;
  /** One line, in the present tense. */
  readonly summary: string;
  /** The arguments after the command's name, without options, such as `NAME[,NAME...] TYPE/ID...`. */
  readonly operands?: string;
  /** Further lines of its help. */
  readonly about?: readonly string[];
  readonly options: O;
  readonly examples: readonly Example[];
  /**
   * Does the work. Resolves to the exit code.
   *
   * @throws UsageError for unusable operands or values
   */
  readonly run: (given: Given<O>, operands: readonly string[], context: CommandContext) => Promise<number>;
}

/** A command without the types of its options, so that one table holds all commands. */
export interface Command extends Omit<CommandSpec<Options>, 'run'> {
  readonly run: (argv: readonly string[], context: CommandContext) => Promise<number>;
}

export function defineCommand<const O extends Options>(spec: CommandSpec<O>): Command {
  return {
    ...spec,
    async run(argv, context) {
      const { given, operands } = parseArguments(spec, argv);
      return spec.run(given, operands, context);
    },
  };
}
