// Live values to a page by server-sent events: one upstream for all pages, and a slow page gets fewer values, not older ones.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { merge } from 'rxjs';
import { createStatisticsClient } from 'genesys-statistics-rx';
import { toReadable, toServerSentEvents } from 'genesys-statistics-rx/node';
import { createSimulator } from 'genesys-statistics-rx/simulator';

await using simulator = await createSimulator({ speed: 60, startAt: Date.parse('2026-05-04T09:00:00Z') });
await using client = createStatisticsClient({ baseUrl: simulator.url, poll: { interval: 200 } });

const queues = ['Sales@SIP', 'Support@SIP'];
const waiting$ = merge(...queues.map((objectId) => client.statistic$('Current_In_Queue', { objectId, objectType: 'Queue' })));

const server = createServer((_request, response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  response.flushHeaders(); // the page is connected, also before the first value
  // When a page leaves, the pipeline ends and unsubscribes.
  pipeline(toReadable(waiting$), toServerSentEvents({ event: 'waiting', retry: 2000 }), response).catch(() => undefined);
});
await once(server.listen(0, '127.0.0.1'), 'listening');

// The page. A browser says: new EventSource(url).addEventListener('waiting', ({ data }) => draw(JSON.parse(data)))
const page = new AbortController();
const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, { signal: page.signal });
setTimeout(() => page.abort(), 2000);
try {
  for await (const text of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    process.stdout.write(text);
  }
} catch {
  console.log('the page has left');
}
await new Promise((resolve) => server.close(resolve));
