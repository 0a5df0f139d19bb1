/** Pages over real HTTP: what they are sent, and that one that leaves, or many, leave nothing open on the server. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { merge, type Observable } from 'rxjs';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { StatisticValue } from '../../src/index.js';
import { toReadable, toServerSentEvents } from '../../src/node/index.js';
import { sales, startClient, startSimulator, support, until } from '../support/journey.js';

/** A server that sends the values to each page, and the reasons why pages have ended. */
async function startServer(values$: Observable<StatisticValue>): Promise<{ url: string; ended: unknown[] }> {
  const ended: unknown[] = [];
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    pipeline(toReadable(values$), toServerSentEvents({ event: 'value', retry: 100, heartbeat: 20 }), response).then(
      () => ended.push('completed'),
      (error: unknown) => ended.push((error as NodeJS.ErrnoException).code),
    );
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, ended };
}

/** A page that reads until it is left. */
async function openPage(url: string): Promise<{ text: () => string; leave: () => void }> {
  const controller = new AbortController();
  onTestFinished(() => controller.abort());
  const { body, headers } = await fetch(url, { signal: controller.signal });
  expect(headers.get('content-type')).toBe('text/event-stream');
  let text = '';
  void body?.pipeThrough(new TextDecoderStream()).pipeTo(new WritableStream({ write: (part) => void (text += part) })).catch(() => undefined);
  return { text: () => text, leave: () => controller.abort() };
}

describe('pages that are sent events', () => {
  it('get each value and heartbeats, and share one upstream; the last that leaves deletes it', async () => {
    const simulator = await startSimulator();
    const client = startClient(simulator.url);
    const waiting = { name: 'Current_In_Queue', ...sales };
    simulator.set(waiting, 7);
    const { url, ended } = await startServer(merge(client.statistic$('Current_In_Queue', sales), client.statistic$('Current_In_Queue', support)));
    const pages = await Promise.all(Array.from({ length: 10 }, () => openPage(url)));
    for (const { text } of pages) {
      await until('both values came', () => text().includes('"objectId":"Sales@SIP"') && text().includes('"objectId":"Support@SIP"'));
      await until('a heartbeat came', () => text().includes('\n\n:\n\n'));
      expect(text()).toMatch(/^retry: 100\n\n(:\n\n)*event: value\ndata: {"name":"Current_In_Queue",/);
    }
    expect(simulator.ledger.opened).toHaveLength(1);
    simulator.set(waiting, 8);
    await until('the change came to all', () => pages.every(({ text }) => text().includes('"intValue":8')));
    pages.slice(1).forEach(({ leave }) => leave());
    await until('nine have ended', () => ended.length === 9);
    expect(simulator.ledger.open).toHaveLength(1);
    pages[0]?.leave();
    await until('the subscription is deleted', () => simulator.ledger.open.length === 0);
    expect(new Set(ended)).toEqual(new Set(['ERR_STREAM_PREMATURE_CLOSE']));
  });

  it('are ended by the end of the client', async () => {
    const simulator = await startSimulator();
    const client = startClient(simulator.url);
    const { url, ended } = await startServer(client.statistic$('Current_In_Queue', sales));
    const page = await openPage(url);
    await until('a value came', () => page.text().includes('data: '));
    await client.close();
    await until('the page has ended', () => ended.length === 1);
    expect(ended).toEqual(['completed']);
  });
});
