/**
 * Looks for canaries in everything a run of the suite puts out (F97, I22): what is written to the standard streams, by the
 * reporters and by the workers, whose streams are piped through this process; what tests print; and every title, error and
 * annotation, from which reports in files are made. One find fails the run, whatever reporters were asked for.
 *
 * A plugin, since a reporter of the configuration is replaced by `--reporter` on the command line. What it finds is reported at
 * the end, by where it was found and never by itself. `test/security/canary-watch.test.ts` plants one to see that it can fail.
 */
import { writeSync } from 'node:fs';
import { inspect, stripVTControlCharacters } from 'node:util';
import type { Plugin } from 'vitest/config';
import type { Reporter, TestCase } from 'vitest/node';
import { mark } from './canary.js';

/** Tells whether a stream of text has held a mark, though pieces and colours may divide it. */
export function createSearch(): (piece: string) => boolean {
  let tail = '';
  return (piece) => {
    const text = stripVTControlCharacters(tail + piece);
    tail = text.slice(-mark.length + 1);
    return text.includes(mark);
  };
}

/** The runs that are watched: each of their projects asks for it. */
const watched = new WeakSet<object>();

export function canaryWatch(): Plugin {
  const places = new Set<string>();

  function watch(stream: NodeJS.WriteStream, name: string): void {
    const search = createSearch();
    const write = stream.write.bind(stream) as (...args: unknown[]) => boolean;
    stream.write = (chunk: string | Uint8Array, ...rest: unknown[]): boolean => {
      if (search(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8'))) {
        places.add(name);
      }
      return write(chunk, ...rest);
    };
  }

  function look(where: string, what: unknown): void {
    // Not by JSON, which leaves out what an error hides.
    if (createSearch()(typeof what === 'string' ? what : inspect(what, { depth: 20, showHidden: true, maxStringLength: null, maxArrayLength: null }))) {
      places.add(where);
    }
  }

  const reporter: Reporter = {
    onUserConsoleLog: ({ content }) => look('what a test prints', content),
    onTestCaseResult: (test: TestCase) => look(test.module.relativeModuleId, [test.fullName, test.result(), test.annotations()]),
    onTestRunEnd: (modules, errors) => {
      look('an error outside of any test', errors);
      modules.forEach((module) => look(module.relativeModuleId, module.errors()));
    },
  };

  return {
    name: 'canary-watch',
    configureVitest({ vitest }) {
      if (watched.has(vitest)) {
        return;
      }
      watched.add(vitest);
      vitest.config.reporters.push(reporter);
      watch(process.stdout, 'the standard output');
      watch(process.stderr, 'the standard error');
      process.once('exit', () => {
        if (places.size > 0) {
          writeSync(2, `\nA secret was shown (see test/support/canary-watch.ts), in: ${[...places].join('; ')}\n`);
          process.exitCode = 1;
        }
      });
    },
  };
}
