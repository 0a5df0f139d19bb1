/** The texts of help, made from the table of commands. Pure. */
import type { Command } from './command.js';
import type { Options } from './option.js';

const program = 'genesys-statistics';

/** The help of the whole program. */
export function helpOfAll(commands: readonly Command[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  return `Usage: ${program} COMMAND [arguments] [options]

Live statistics of a Genesys Multicloud CX contact centre, in the terminal or as lines of JSON.

${commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`).join('\n')}

  ${program} COMMAND --help   what a command takes, with examples
  ${program} --version        the version

A statistic is NAME TYPE/ID, such as Current_In_Queue Queue/Sales@SIP.
The server is GENESYS_STATISTICS_URL or --base-url URL, path included: https://host/statistics/v3
The key is GENESYS_API_KEY or --key-file FILE, the token GENESYS_TOKEN or --token-file FILE.

Exit codes: 0 done, 1 the server failed, 2 usage; 129 hung up, 130 interrupted, 131 quit, 143 terminated.

Try it without a server:
  ${program} demo
`;
}

export function helpOf({ name, summary, operands, about = [], options, examples }: Command): string {
  const all: Options = { ...options, help: { what: 'this text' } };
  const lines = Object.entries(all).map(([option, { placeholder, what }]): [string, string] => [
    `--${option}${placeholder === undefined ? '' : ` ${placeholder}`}`,
    what,
  ]);
  const width = Math.max(...lines.map(([left]) => left.length));
  return `Usage: ${program} ${name}${operands === undefined ? '' : ` ${operands}`} [options]

${capital(summary)}.
${about.map((line) => `${line}\n`).join('')}
Options:
${lines.map(([left, what]) => `  ${left.padEnd(width)}  ${what.replaceAll('\n', `\n${' '.repeat(width + 4)}`)}`).join('\n')}

Examples:
${examples.map(({ line, what }) => `  # ${what}\n  ${program} ${line}`).join('\n')}
`;
}

const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
