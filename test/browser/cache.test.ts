/** F55: in a page of another origin, a polled URL costs one preflight, and no poll is answered out of the browser's cache. */
import { createServer, request as send, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import type { Simulator } from '../../src/simulator/index.js';
import { describeInChromium, observe, unhurried, type PageGlobals } from '../support/chromium.js';
import { answered, numberValue, sales, startSimulator, until } from '../support/journey.js';

const waiting = { name: 'Current_In_Queue', ...sales };

/** How many preflights, and how many requests of the operation, each URL got: several subscriptions, or ways to ask, are several URLs. */
function preflights({ ledger }: Simulator, operation: 'read' | 'peekAll'): { readonly url: string; readonly preflights: number; readonly requests: number }[] {
  const urlOf = ({ path, query }: { path: string; query: string }): string => `${path}?${query}`;
  const urls = new Set(ledger.requests.filter((request) => request.operation === operation).map(urlOf));
  return [...urls].map((url) => ({
    url,
    preflights: ledger.requests.filter((request) => request.operation === 'options' && urlOf(request) === url).length,
    requests: ledger.requests.filter((request) => request.operation === operation && urlOf(request) === url).length,
  }));
}

/** The simulator behind a server that alters the headers of its answers to GETs; gives its URL. */
async function front(simulator: Simulator, alter: (headers: IncomingHttpHeaders) => IncomingHttpHeaders): Promise<string> {
  const target = new URL(simulator.url);
  const server = createServer((request, response) => {
    const { method = '', url = '', headers } = request;
    const forwarded = send({ host: target.hostname, port: target.port, method, path: url, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, method === 'GET' ? alter(answer.headers) : answer.headers);
      answer.pipe(response);
    });
    forwarded.once('error', () => response.destroy());
    request.pipe(forwarded);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}${target.pathname}`;
}

const without = ({ 'cache-control': _, ...headers }: IncomingHttpHeaders): IncomingHttpHeaders => headers;

describeInChromium('F55, in Chromium', (chromium) => {
  it.each<[string, (headers: IncomingHttpHeaders) => IncomingHttpHeaders]>([
    ['Cache-Control: no-store', (headers) => headers],
    ['no header about caching', without],
    ['an ETag that never changes', (headers) => ({ ...without(headers), etag: '"always"' })],
  ])('answers with %s: a polled URL has one preflight, and each poll reaches the server', async (_, alter) => {
    const simulator = await startSimulator();
    simulator.set(waiting, numberValue(1));
    const tab = await chromium.openTab();
    await observe(tab, { baseUrl: await front(simulator, alter), ...unhurried, apiKey: 'a-key-of-eight' });
    await tab.untilSeen('the first value', (seen) => seen.includes(1));
    await answered(simulator, 'read', 10);
    simulator.set(waiting, numberValue(2));
    await tab.untilSeen('the next value', (seen) => seen.includes(2));
    await answered(simulator, 'read', 10);
    const polled = preflights(simulator, 'read');
    expect(polled.reduce((sum, { requests }) => sum + requests, 0)).toBeGreaterThanOrEqual(20);
    expect(polled.map((each) => each.preflights)).toEqual(polled.map(() => 1));
  });

  it.each<[string, number, Record<string, string>]>([
    ['Cache-Control: max-age=60', 1, { 'cache-control': 'max-age=60' }],
    ['Cache-Control: max-age=60', 3, { 'cache-control': 'max-age=60' }],
    ['an Expires of far away', 3, { expires: 'Fri, 01 Jan 2100 00:00:00 GMT' }],
    ['a Last-Modified of long ago', 3, { 'last-modified': 'Mon, 01 Jan 2001 00:00:00 GMT' }],
    ['stale-while-revalidate', 3, { 'cache-control': 'max-age=0, stale-while-revalidate=60' }],
  ])('an answer with %s, of which there is one in %i, is never reused for a poll', async (_, every, headers) => {
    const simulator = await startSimulator();
    let answers = 0;
    const url = await front(simulator, (given) => (answers++ % every === 0 ? { ...without(given), ...headers } : without(given)));
    const tab = await chromium.openTab();
    await observe(tab, { baseUrl: url, ...unhurried, apiKey: 'a-key-of-eight', poll: { interval: 5, maxInterval: 5, staleAfter: 60_000 } });
    for (let value = 1; value <= 10; value++) {
      simulator.set(waiting, numberValue(value));
      await tab.untilSeen(`value ${value}`, (seen) => seen.includes(value));
    }
    const reads = simulator.ledger.count('read');
    await tab.run(() => {
      const { client, seen } = globalThis as unknown as PageGlobals;
      client.events$.subscribe(({ type }) => type === 'polled' && seen.push(type));
    });
    const polled = (await tab.untilSeen('ten polls', (seen) => seen.filter((each) => each === 'polled').length >= 10)).filter((each) => each === 'polled').length;
    // One may have been on its way.
    expect(simulator.ledger.count('read') - reads).toBeGreaterThanOrEqual(polled - 1);
  });

  it('peeks that stand in for a subscription cost one preflight, too', async () => {
    const simulator = await startSimulator();
    simulator.fault({ kind: 'status', operation: 'open', status: 403, times: Infinity });
    const tab = await chromium.openTab();
    await tab.run((given) => {
      const { library, seen } = globalThis as unknown as PageGlobals;
      const client = library.createStatisticsClient({ ...given, fallback: library.peekFallback() });
      client.statistic$('Current_In_Queue', { objectId: 'Sales@SIP', objectType: 'Queue' }).subscribe((value) => seen.push(value));
    }, { baseUrl: simulator.url, ...unhurried, apiKey: 'a-key-of-eight' });
    await until('ten peeks', () => simulator.ledger.requests.filter(({ operation, status }) => operation === 'peekAll' && status === 200).length >= 10);
    expect(preflights(simulator, 'peekAll')).toMatchObject([{ preflights: 1 }]);
  });
});
