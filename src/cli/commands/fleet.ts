/** `fleet`: shows the leader of a fleet of processes, the time since it leads, the number of members, and the lag of its messages. */
import { inspectFleet, type Bus } from '../../fleet/index.js';
import { redisBus } from '../../redis/index.js';
import { defineCommand } from '../arguments/command.js';
import { readText } from '../arguments/option.js';
import { UsageError } from '../arguments/usage-error.js';
import { serverOptions } from '../server.js';
import { plain } from '../terminal/plain.js';
import { write } from '../terminal/write.js';

/** Milliseconds within which the bus must answer. */
const patience = 5_000;

export const fleet = defineCommand({
  name: 'fleet',
  summary: 'prints who leads a fleet of processes over Redis',
  about: ['A Redis that wants a password takes it from GENESYS_REDIS_URL.'],
  options: {
    redis: { placeholder: 'URL', what: 'the Redis of the fleet: redis://host:6379\n(default GENESYS_REDIS_URL)', read: readText },
    prefix: { placeholder: 'NAME', what: 'the prefix that the fleet was given', read: readText },
    'base-url': serverOptions['base-url'],
    json: { what: 'one line of JSON, as into a pipe' },
  },
  examples: [{ line: 'fleet --redis redis://127.0.0.1:6379 --base-url https://host/statistics/v3', what: 'the fleet that watches this server' }],
  async run(given, operands, { env, output }) {
    if (operands.length > 0) {
      throw new UsageError(`fleet takes no ${operands[0] ?? ''}: give options only`);
    }
    const url = given.redis ?? env['GENESYS_REDIS_URL'];
    const baseUrl = given['base-url'] ?? env['GENESYS_STATISTICS_URL'];
    if (url === undefined || baseUrl === undefined) {
      throw new UsageError(`which ${url === undefined ? 'Redis? Give --redis URL, or set GENESYS_REDIS_URL' : 'server does it watch? Give --base-url URL, or set GENESYS_STATISTICS_URL'}`);
    }
    const bus = redisBus({ url, ...(given.prefix === undefined ? {} : { prefix: given.prefix }) });
    const text = await describeFleet(bus, baseUrl, Date.now(), given.json || !output.isTTY);
    await write(output, `${text}\n`);
    return 0;
  },
});

/**
 * The lines that describe a fleet, or one line of JSON.
 *
 * @param now - epoch milliseconds.
 */
export async function describeFleet(bus: Bus, baseUrl: string, now: number, json = false): Promise<string> {
  const report = await inspectFleet(bus, baseUrl, patience);
  if (json) {
    return JSON.stringify(report ?? { leader: null });
  }
  if (report === undefined) {
    return `Nobody leads a fleet for ${baseUrl}.`;
  }
  const { leader, since, at, members, topics, lag, health } = report;
  const rows = [
    ['leader', plain(leader)],
    ['since', `${new Date(since).toISOString()} (${seconds(now - since)})`],
    ['last heard', `${seconds(now - at)} ago`],
    ['status', health.status + (health.lastError === undefined ? '' : `: ${health.lastError.message}`)],
    ['demand', `${topics} statistics and sets, of ${members} processes`],
    ['upstreams', `${health.upstreams}, with ${health.statistics} statistics`],
    ['lag', `${lag.toFixed(1)} ms for the last publication`],
  ];
  return rows.map(([name = '', text = '']) => `${name.padEnd(12)}${text}`).join('\n');
}

function seconds(milliseconds: number): string {
  return `${(Math.max(0, milliseconds) / 1000).toFixed(1)} s`;
}
