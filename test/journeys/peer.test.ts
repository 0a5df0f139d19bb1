/**
 * Another kind of server: it makes up every id, ignores ours, names no inline definition, returns nothing for an unknown
 * subscription, and its DELETE deletes nothing. (A public agent simulator behaves like this; the values here are invented.)
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { numeric } from '../../src/index.js';
import { kim, record, sales, startClient, until } from '../support/journey.js';

interface Asked {
  objectId: string;
  objectType: string;
  name?: string;
}

async function startPeer(): Promise<{ url: string; asked: string[]; forget(): void; values: Record<string, number> }> {
  const open = new Map<string, Asked[]>();
  const asked: string[] = [];
  const values: Record<string, number> = {};
  let made = 0;
  const answer = (id: string): object => ({
    status: { code: 0 },
    ...(open.has(id) ? { data: { subscriptionId: id, operationId: id, statistics: (open.get(id) ?? []).map(({ objectId, objectType, name }, index) => ({
      value: { intLength: 0, intValue: values[name ?? `inline ${index}`] ?? 0 }, timestamp: 1_795_453_483_316, objectId, objectType, ...(name === undefined ? {} : { name }), statisticId: `${id}-${index}`,
    })) } } : {}),
  });
  const server: Server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      let id = request.url?.split('/')[4] ?? '';
      asked.push(`${request.method ?? ''} ${id}`);
      if (request.method === 'POST') {
        id = `made-${++made}`;
        open.set(id, (JSON.parse(body) as { data: { statistics: Asked[] } }).data.statistics);
      }
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(answer(id)));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/statistics/v3`, asked, values, forget: () => open.clear() };
}

describe('a peer that makes up all ids', () => {
  it('F49, F50: its ids are used, statistics are matched by name and object, inline ones by object', async () => {
    const peer = await startPeer();
    Object.assign(peer.values, { Total_Answered: 5, InboundCalls: 6, 'inline 2': 7, 'inline 3': 8 });
    const client = startClient(peer.url);
    const set = record(client.subscription$({
      answered: { name: 'Total_Answered', ...sales },
      calls: { name: 'InboundCalls', ...kim },
    }));
    const one = record(client.statistic$('Total_Answered', sales).pipe(numeric()));
    const inline = record(client.statistic$({ category: 'CurrentNumber', subject: 'DNAction' }, sales).pipe(numeric()));
    await until('all have a value', () => set.values.length === 1 && one.values.length === 1 && inline.values.length === 1);
    expect(one.values).toEqual([5]);
    expect(set.values[0]).toMatchObject({ answered: { value: { intValue: 5 } }, calls: { value: { intValue: 6 } } });
    peer.values['Total_Answered'] = 9;
    await until('the change', () => one.values.length === 2 && set.values.length === 2);
    expect(peer.asked).toContain('GET made-1');
    expect([set.error, one.error, inline.error]).toEqual([undefined, undefined, undefined]);
    await client.close();
    expect(peer.asked.filter((line) => line.startsWith('DELETE')).sort()).toEqual(['DELETE made-1']);
  });

  it('F33: an empty answer for an unknown subscription causes a re-open', async () => {
    const peer = await startPeer();
    const client = startClient(peer.url);
    const one = record(client.statistic$('Total_Answered', sales).pipe(numeric()));
    await until('a poll', () => peer.asked.includes('GET made-1'));
    peer.forget();
    peer.values['Total_Answered'] = 4;
    await until('the change', () => one.values.length === 2);
    expect(one.values).toEqual([0, 4]);
    expect(peer.asked).toContain('DELETE made-1');
  });
});
