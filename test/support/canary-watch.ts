/**
 * Searches all output of a test run for canaries (F97, I22). This is the standard streams of this process and its workers, the output
 * of tests, and every title, error and annotation, which reports in files contain. A single find fails the run, whichever reporters
 * are used.
 *
 * It is a plugin, because `--reporter` on the command line replaces the reporters of the configuration. The end of the run reports
 * the place of each find, and never the secret itself. `test/security/canary-watch.test.ts` plants one to see that it can fail.
 */
import { writeSync } from 'node:fs';
import { inspect, stripVTControlCharacters } from 'node:util';
import type { Plugin } from 'vitest/config';
import type { Reporter, TestCase } from 'vitest/node';
import { mark } from './canary.js';

/** Makes a function that returns whether a stream of text has held a mark, even if chunks or colours divide it. */
export function createSearch(): (piece: string) => boolean {
  let tail = '';
  return (piece) => {
    const text = stripVTControlCharacters(tail + piece);
    tail = text.slice(-mark.length + 1);
    return text.includes(mark);
  };
}

/** The runs that are already watched, because every project of a run loads this plugin. */
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
    // Does not use JSON, which omits the hidden properties of an error.
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
