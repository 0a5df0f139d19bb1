/**
 * Runs the vendor's client (`genesys-statistics-client-js`) in its own process, because it changes the global scope of its process.
 * Also runs any other program, for comparison.
 */
import { spawn } from 'node:child_process';
import { onTestFinished } from 'vitest';

export interface Program {
  /** The text that it has printed so far, on both outputs. */
  readonly output: string;
  /** The argument of its call of `report`, once it has made one. */
  reported(): unknown;
  /** Its exit code, once it has ended: 13 if it awaits a promise that can never settle. */
  exited(): Promise<number | null>;
}

/**
 * Runs a module that has `report(result)`, and for `vendor` also `api`: a client of the server at `url`, not initialised.
 * The process ends with the test at the latest.
 */
export function runProgram(kind: 'vendor' | 'ours', url: string, program: string): Program {
  const preamble = `
    import { createRequire } from 'node:module';
    const require = createRequire(${JSON.stringify(import.meta.filename)});
    const report = (result) => process.stdout.write('\\nRESULT' + JSON.stringify(result) + '\\n', () => process.exit());`;
  const load = `
    const StatisticsApi = require('genesys-statistics-client-js');
    const api = new StatisticsApi('canary-key-4711', ${JSON.stringify(new URL(url).origin)});`;
  const child = spawn(process.execPath, ['--no-deprecation', '--input-type=module', '--eval', `${preamble}${kind === 'vendor' ? load : ''}${program}`], {
    cwd: new URL('../..', import.meta.url),
  });
  let output = '';
  [child.stdout, child.stderr].forEach((stream) => stream.on('data', (chunk: Buffer) => (output += chunk.toString())));
  const exited = new Promise<number | null>((resolve) => child.on('close', resolve));
  onTestFinished(() => void child.kill());
  return {
    get output() {
      return output;
    },
    reported() {
      const [, result] = /^RESULT(.*)$/m.exec(output) ?? [];
      return result === undefined ? undefined : JSON.parse(result);
    },
    exited: () => exited,
  };
}

/** Runs it to its end. Returns the value that it reported. */
export async function resultOf(program: Program): Promise<unknown> {
  await program.exited();
  const result = program.reported();
  if (result === undefined) {
    throw new Error(`nothing was reported: ${program.output}`);
  }
  return result;
}
