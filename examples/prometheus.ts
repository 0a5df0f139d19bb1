// Statistics and the client itself as Prometheus metrics, scraped twice: the second time the server is down.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Registry } from 'prom-client';
import { createStatisticsClient } from 'genesys-statistics-rx';
import { exportMetrics } from 'genesys-statistics-rx/node';
import { createSimulator } from 'genesys-statistics-rx/simulator';

await using simulator = await createSimulator({ speed: 60, startAt: Date.parse('2026-05-04T09:00:00Z') });
await using client = createStatisticsClient({ baseUrl: simulator.url, poll: { interval: 100, maxInterval: 200, staleAfter: 1000 }, retry: { minTimeout: 100, maxTimeout: 200 } });

const register = new Registry();
const sales = { objectId: 'Sales@SIP', objectType: 'Queue' };
exportMetrics(client, [{ name: 'Current_In_Queue', ...sales }, { name: 'Total_Answered', ...sales }], { register });

const server = createServer((_request, response) => {
  void register.metrics().then((text) => response.writeHead(200, { 'content-type': register.contentType }).end(text));
});
await once(server.listen(0, '127.0.0.1'), 'listening');

// Prometheus does this every 15 seconds or so.
async function scrape(): Promise<void> {
  const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`);
  const samples = (await answer.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  console.log(samples.join('\n'));
}

await new Promise((resolve) => setTimeout(resolve, 1000));
await scrape();
simulator.fault({ kind: 'reset', times: Infinity });
await new Promise((resolve) => setTimeout(resolve, 2000));
console.log('\nthe server is down: stale series are gone, failures are counted');
await scrape();
await new Promise((resolve) => server.close(resolve));
