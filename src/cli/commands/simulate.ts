/** `simulate`: runs the simulator as a server, for programs in any language. */
import { createSimulator, profiles, type Profile, type SimulatorOptions } from '../../simulator/index.js';
import { defineCommand } from '../arguments/command.js';
import { readMoment } from '../arguments/moment.js';
import { oneOf, positiveNumber, readText, readTime, wholeNumber } from '../arguments/option.js';
import { UsageError } from '../arguments/usage-error.js';
import { readRoster } from '../roster-file.js';
import { outputOptions, readCredentials } from '../server.js';
import { announce, cannotListen, untilEnded } from '../serving.js';

const profileNames = profiles.map(({ name }): Profile => name);
const readProfile = oneOf(profileNames);

export const simulate = defineCommand({
  name: 'simulate',
  summary: 'serves the Statistics API with a simulated contact centre behind it',
  options: {
    port: { placeholder: 'PORT', what: 'to listen on (default 8080; 0 takes a free one)', read: wholeNumber(0, 65_535) },
    host: { placeholder: 'ADDRESS', what: 'to listen on (default 127.0.0.1)', read: readText },
    seed: { placeholder: 'N', what: 'another centre for each number (default 1)', read: wholeNumber(0, Number.MAX_SAFE_INTEGER) },
    speed: { placeholder: 'X', what: 'simulated seconds per second (default 1)', read: positiveNumber(10_000) },
    'start-at': { placeholder: 'TIME', what: 'the simulated time at the beginning: 10:30 (UTC, today) or\n2026-05-04T10:30Z (default now). Totals begin at midnight UTC,\nand the rush of the day at 10:30', read: readMoment },
    agents: { placeholder: 'N', what: 'agents beside the 18 that there are', read: wholeNumber(0, 100_000) },
    queues: { placeholder: 'N', what: 'queues beside the 3 that there are', read: wholeNumber(0, 100_000) },
    roster: { placeholder: 'FILE', what: 'agents, groups, queues and route points of your own, as JSON', read: readText },
    profile: { placeholder: 'NAME', what: `behaves like another server: ${profileNames.join(', ')}\n(default reference)`, read: readProfile },
    control: { what: 'serves /__simulator/ as well, to programs and pages of this\nmachine: values, faults, time and the ledger' },
    latency: { placeholder: 'TIME', what: 'before any request is looked at', read: readTime },
    'key-file': { placeholder: 'FILE', what: 'holds the API key that requests must carry (default GENESYS_API_KEY)', read: readText },
    'token-file': { placeholder: 'FILE', what: 'holds the token that requests must carry (default GENESYS_TOKEN)', read: readText },
    json: { what: 'the address as a line of JSON, as into a pipe' },
    duration: outputOptions.duration,
  },
  examples: [
    { line: 'simulate', what: 'a server on http://127.0.0.1:8080/statistics/v3' },
    { line: 'simulate --port 0 --json', what: 'on a free port, which the line of JSON says' },
    { line: 'simulate --start-at 10:25 --speed 10', what: 'a busy hour, whatever the time is here' },
    { line: 'simulate --agents 10000 --queues 500 --speed 10', what: 'a large centre, ten times as fast as life' },
    { line: 'simulate --control --profile aas', what: 'for end-to-end tests, as Genesys\' own simulator answers' },
  ],
  async run(given, _, context) {
    const { apiKey, token } = await readCredentials(given, context.env);
    const { port = 8080, host, seed, speed, 'start-at': startAt, agents, queues, latency, profile, control } = given;
    const roster = given.roster === undefined ? undefined : await readRoster(given.roster);
    await using simulator = await start({
      port, host, seed, speed, startAt, agents, queues, latency, profile, control, roster, apiKey, token: typeof token === 'function' ? await token() : token,
    });
    await announce(simulator, `a simulated contact centre, where it is ${(startAt ?? new Date()).toISOString().slice(11, 16)} UTC`, given, context);
    await untilEnded(context.stop, given.duration);
    return 0;
  },
});

async function start(options: SimulatorOptions): ReturnType<typeof createSimulator> {
  try {
    return await createSimulator(options);
  } catch (error) {
    if (error instanceof RangeError) {
      throw new UsageError(error.message);
    }
    throw cannotListen(error, options.port ?? 0, options.host);
  }
}
