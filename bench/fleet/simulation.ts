/**
 * Many members of one fleet in one process, on the bus in memory: `npm run bench:fleet-simulation -- 1000 100000 100` for 1,000 members, 100,000
 * statistics and 100 statistics in each member. Prints how long all first values take, and the memory. Gives up after a minute.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Transport } from 'genesys-statistics-rx';
import { createFleetClient, memoryBus } from 'genesys-statistics-rx/fleet';

const [members = 1000, statistics = 100_000, each = 100] = process.argv.slice(2).map(Number);
const longest = 60_000;
const open = new Map<string, readonly Record<string, unknown>[]>();

/** Keeps subscriptions, and answers with a value for each of their statistics. */
const transport: Transport = async ({ method, url, body = '{}' }) => {
  await Promise.resolve();
  const parts = new URL(url).pathname.split('/');
  let subscriptionId = parts[parts.indexOf('subscriptions') + 1] ?? '';
  if (method === 'POST') {
    const request = JSON.parse(body) as { operationId: string; data: { statistics: Record<string, unknown>[] } };
    subscriptionId = request.operationId;
    open.set(subscriptionId, request.data.statistics);
  } else if (method === 'DELETE') {
    open.delete(subscriptionId);
  }
  const values = (open.get(subscriptionId) ?? []).map((statistic) => ({ ...statistic, timestamp: 1_800_000_000_000, value: { intValue: 1 } }));
  return { status: 200, headers: {}, body: JSON.stringify({ status: { code: 0 }, data: { subscriptionId, statistics: values } }) };
};

const bus = memoryBus();
const start = performance.now();
let emitted = 0;
for (let member = 0; member < members; member++) {
  const client = createFleetClient({ baseUrl: 'https://host/statistics/v3', bus, transport, lease: 60_000, poll: { interval: 5000 } });
  for (let place = 0; place < each; place++) {
    const objectId = `queue-${(member * each + place) % statistics}`;
    client.statistic$('Current_In_Queue', { objectId, objectType: 'Queue' }).subscribe(() => emitted++);
  }
}
while (emitted < members * each && performance.now() - start < longest) {
  await sleep(50);
}
const seconds = ((performance.now() - start) / 1000).toFixed(1);
const megabytes = Math.round(process.memoryUsage().rss / 1e6);
process.stdout.write(`${members} members, ${statistics} statistics: ${emitted} of ${members * each} first values after ${seconds} s, ${open.size} upstreams, ${megabytes} MB\n`);
process.exit();
