// A health endpoint for a service: it reports ready while values are live, and otherwise the reason why they are not.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { take } from 'rxjs';
import { createStatisticsClient } from 'genesys-statistics-rx';
import { createSimulator } from 'genesys-statistics-rx/simulator';

await using simulator = await createSimulator({ speed: 60, startAt: Date.parse('2026-05-04T09:00:00Z') });
await using client = createStatisticsClient({ baseUrl: simulator.url, poll: { interval: 100 }, retry: { minTimeout: 100, maxTimeout: 200 } });
client.statistic$('Current_In_Queue', { objectId: 'Sales@SIP', objectType: 'Queue' }).subscribe();

const server = createServer((request, response) => {
  client.health$.pipe(take(1)).subscribe((health) => {
    // Live: the process is well, and restarting it would not heal the server. Ready: it has values to serve.
    const isReady = health.status === 'live' || health.status === 'idle';
    response.writeHead(request.url === '/ready' && !isReady ? 503 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(health)); // its error by toJSON: no stack, no secret
  });
});
await once(server.listen(0, '127.0.0.1'), 'listening');

async function check(path: string): Promise<void> {
  const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`);
  console.log(path, answer.status, await answer.text());
}

await check('/ready'); // still connecting
await new Promise((resolve) => setTimeout(resolve, 1000));
await check('/ready');
simulator.fault({ kind: 'status', status: 503, times: Infinity });
await new Promise((resolve) => setTimeout(resolve, 1000));
await check('/ready');
await check('/live');
await new Promise((resolve) => server.close(resolve));
