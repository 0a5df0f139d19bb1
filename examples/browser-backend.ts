// A backend for pages: it adds the key, which no page may hold, and passes everything else on as it is.
import { createServer, request } from 'node:http'; // for a real server: `request` of node:https
import type { AddressInfo } from 'node:net';
import { createStatisticsClient, numeric } from 'genesys-statistics-rx';
import { createSimulator } from 'genesys-statistics-rx/simulator';

const simulator = await createSimulator({ apiKey: 'the-key-of-all', clock: 'manual' });
simulator.set({ name: 'Current_In_Queue', objectId: 'Sales@SIP', objectType: 'Queue' }, 3);
const upstream = new URL(simulator.url);

/** Your own session: here a cookie, and everybody who has it is welcome. */
const isSignedIn = (cookie = ''): boolean => cookie.includes('session=');

const backend = createServer((incoming, outgoing) => {
  const path = incoming.url ?? '';
  if (!path.startsWith('/statistics/v3/') || !isSignedIn(incoming.headers.cookie)) {
    outgoing.writeHead(path.startsWith('/statistics/v3/') ? 401 : 404).end();
    return;
  }
  const headers = { ...incoming.headers, host: upstream.host, 'x-api-key': 'the-key-of-all' };
  const passedOn = request({ host: upstream.hostname, port: upstream.port, path, method: incoming.method, headers }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(outgoing);
  });
  passedOn.on('error', () => outgoing.writeHead(502).end());
  incoming.pipe(passedOn);
});
await new Promise<void>((resolve) => backend.listen(0, '127.0.0.1', resolve));
const { port } = backend.address() as AddressInfo;

// In the page: the same origin, so no CORS, no preflight, and cookies go along. A page needs no `headers`.
const client = createStatisticsClient({ baseUrl: `http://127.0.0.1:${port}/statistics/v3`, headers: { cookie: 'session=kim' }, poll: { interval: 500 } });
client.statistic$('Current_In_Queue', { objectId: 'Sales@SIP', objectType: 'Queue' }).pipe(numeric()).subscribe((waiting) => console.log('waiting', waiting));

await new Promise((resolve) => setTimeout(resolve, 2000));
await client.close();
backend.close();
backend.closeAllConnections();
await simulator.close();
