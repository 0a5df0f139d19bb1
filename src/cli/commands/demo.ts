/** `demo`: shows the wallboard of a simulated contact centre, by the real client over real HTTP. */
import { defineCommand } from '../arguments/command.js';
import { readText, wholeNumber } from '../arguments/option.js';
import { demoPlan } from '../board/plan.js';
import { showBoard } from '../board/show-board.js';
import { openServer, outputOptions, pollOptions, startDemo } from '../server.js';
import { withServer } from '../session.js';

export const demo = defineCommand({
  name: 'demo',
  summary: 'shows the wallboard of a simulated contact centre',
  options: {
    ...outputOptions,
    interval: { ...pollOptions.interval, what: 'between two polls (default 1s)' },
    seed: { placeholder: 'N', what: 'another centre for each number (default 1)', read: wholeNumber(0, Number.MAX_SAFE_INTEGER) },
    'base-url': { placeholder: 'URL', what: 'the same board on another server, with the key and the token\nof the environment', read: readText },
  },
  examples: [
    { line: 'demo', what: 'the wallboard; Ctrl-C ends it' },
    { line: 'demo --json --duration 10s > demo.ndjson', what: 'ten seconds of changes, a line of JSON each' },
  ],
  async run(given, _, context) {
    const baseUrl = given['base-url'];
    const environment = { 'key-file': undefined, 'token-file': undefined, 'allow-insecure': false, demo: false, 'base-url': baseUrl };
    const server = baseUrl === undefined ? await startDemo({ seed: given.seed }) : await openServer(environment, context);
    const interval = given.interval ?? 1000;
    return withServer(server, { ...environment, interval }, (session) => showBoard(session, demoPlan, given, context));
  },
});
