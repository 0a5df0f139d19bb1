/**
 * F65: an id is one segment of a path or is never sent. Judged by the targets a server sees, raw, and by what a proxy in
 * front of it could make of them: decoded once more and with its dot segments followed, they are still the same resource.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createJournal, createStatisticsClient, StatisticsOptionError, type StatisticsApi } from '../../src/index.js';
import { startHostileServer, type HostileServer } from '../support/hostile-server.js';
import { eventsOf, record, sales, startClient, until } from '../support/journey.js';
import { reply } from '../support/memory-server.js';

const bad = [
  '', ' ', '.', '..', '.. ', ' ..', '..;a=1', ';a', '%2e%2e', '%2E.', '.%2e', '%252e%252e', 'a/../b', '../x', '..\\x', 'a/b', '/', '\\', 'a?b', 'a#b', 'a%b', '%00', '\u0000', 'a\r\nHost: evil',
  '\ud800', '\udc00a', 'a\u0085b', '\u202eevil', 'a\u2028b', 'a\u200bb', 'x'.repeat(513),
];

/** The segments of a target below the API's base, or why it has none. */
function segmentsOf(target: string): string[] {
  const [path = ''] = target.split('?');
  return path.split('/').slice(1);
}

/** Every target is one of the API's own resources, an id standing where an id may, and its characters beyond doubt. */
function expectOnlyOurPaths({ requests }: Pick<HostileServer, 'requests'>): void {
  for (const { method, target } of requests) {
    const [root, version, resource, id, more, ...rest] = segmentsOf(target);
    expect([root, version, resource, ...rest], target).toEqual(['statistics', 'v3', 'subscriptions']);
    expect(target).not.toMatch(/%2e|%2f|%5c|%25|%0[ad]|%00|\.\./i);
    expect([method, id === undefined, more], target).toEqual(
      method === 'POST' ? ['POST', true, undefined] : method === 'GET' ? ['GET', false, 'statistic-values'] : ['DELETE', false, undefined],
    );
  }
}

describe('F65: a subscriptionId of the server\'s own', () => {
  const ids: unknown[] = [...bad, {}, [], true, null, ['..'], { toString: '..' }, 1e21, -1];
  /** A title is printed: nothing that drives a terminal. */
  const shown = (id: unknown): string => JSON.stringify(id).replace(/[^ -~]/g, (each) => `\\u${each.charCodeAt(0).toString(16)}`).slice(0, 40);

  it.each(ids.map((id) => [shown(id), id]))('%s goes into no path that it could change', async (_, id) => {
    const server = await startHostileServer(({ method, usual }) => (method === 'POST' ? { body: { ...usual, data: { ...usual.data, subscriptionId: id } } } : undefined));
    const client = startClient(server.url);
    const events = eventsOf(client, 'opened');
    const one = record(client.statistic$('Total_Answered', sales));
    const attempts = (): number => server.requests.length;
    await until('it was tried a few times', () => attempts() > 3);
    one.unsubscribe();
    await client.close();
    expectOnlyOurPaths(server);
    // What was opened is deleted, by the id we gave where the server's own is none.
    const opened = server.requests.filter(({ method }) => method === 'POST').map(({ body }) => (JSON.parse(body) as { operationId: string }).operationId);
    const deleted = server.requests.filter(({ method }) => method === 'DELETE').map(({ target }) => decodeURIComponent(segmentsOf(target)[3] ?? ''));
    expect(deleted.length).toBeGreaterThan(0);
    if (typeof id !== 'number') {
      expect(new Set(deleted)).toEqual(new Set(opened));
      expect(events.every(({ subscriptionId }) => opened.includes(subscriptionId))).toBe(true);
    }
  });

  it('that answers to a read with another is not believed', async () => {
    const server = await startHostileServer(({ usual }) => ({ body: { ...usual, data: { ...usual.data, subscriptionId: '../../admin' } } }));
    await expect(startClient(server.url).api.readSubscription('op-1')).resolves.toMatchObject({ subscriptionId: 'op-1' });
  });
});

describe('F65: what a journal gives', () => {
  it('was put there by somebody else, and goes into no path that it could change', async () => {
    const server = await startHostileServer();
    const entries = [...bad, ...bad.map((id) => `?${id}`), 'good', '?fine'];
    const removed: string[] = [];
    const client = startClient(server.url, { journal: createJournal({ pending: () => entries, add: () => undefined, remove: (entry) => removed.push(entry) }) });
    const one = record(client.statistic$('Total_Answered', sales));
    const deleted = (): string[] => server.requests.filter(({ method }) => method === 'DELETE').map(({ target }) => decodeURIComponent(segmentsOf(target)[3] ?? ''));
    await until('what can be an id is deleted', () => deleted().includes('good') && deleted().includes('fine'));
    one.unsubscribe();
    await client.close();
    expectOnlyOurPaths(server);
    const opened = server.requests.filter(({ method }) => method === 'POST').map(({ body }) => (JSON.parse(body) as { operationId: string }).operationId);
    expect(new Set(deleted())).toEqual(new Set(['good', 'fine', ...opened]));
    // What can be none is not met again.
    expect(entries.filter((entry) => !removed.includes(entry))).toEqual([]);
  });
});

describe('F65: what a program gives', () => {
  const calls: Record<string, (api: StatisticsApi, id: string) => Promise<unknown>> = {
    'an operationId': (api, id) => api.openSubscription(id, []),
    'an id to read': (api, id) => api.readSubscription(id),
    'an id to delete': (api, id) => api.closeSubscription(id),
  };
  const badNames = ['', '.', '..', '%2e%2e', 'a/../b', 'a/..', '../x', '..\\x', 'a/%2e%2e/b', 'a%2f..%2fb', './x', '.. ', '..;/x', 'a/ ../b', '..\u0000', '\ud800'];

  it.each(Object.keys(calls))('F146: as %s is refused before anything is sent', async (what) => {
    const server = await startHostileServer();
    const { api } = startClient(server.url);
    for (const id of bad) {
      await expect(calls[what]?.(api, id), JSON.stringify(id)).rejects.toThrow(StatisticsOptionError);
    }
    expect(server.requests).toEqual([]);
  });

  it('as a name to peek at is refused, too', async () => {
    const server = await startHostileServer();
    const { api, peek$ } = startClient(server.url);
    for (const name of badNames) {
      await expect(api.getStatistic(name, sales), JSON.stringify(name)).rejects.toThrow(StatisticsOptionError);
    }
    badNames.forEach((name) => expect(() => peek$(name, sales), JSON.stringify(name)).toThrow(StatisticsOptionError));
    expect(server.requests).toEqual([]);
  });

  it('as an object stays in its place of the query; a verbosity is one of two', async () => {
    const server = await startHostileServer();
    const { api } = startClient(server.url);
    const object = { objectId: 'a&objectType=Agent#?/../=%26\r\nx', objectType: 'Queue&admin=1' };
    await api.getStatistic('a', object);
    const [path, query] = server.requests[0]?.target.split('?') ?? [];
    expect(path).toBe('/statistics/v3/statistic-values/a');
    expect([...new URLSearchParams(query)]).toEqual(Object.entries(object));
    await expect(api.getStatistic('a', { objectId: '\ud800', objectType: 'Queue' })).rejects.toThrow('objectId must be');
    expect(server.requests).toHaveLength(1);
    await expect(api.readSubscription('op-1', { verbose: 'OFF&statisticIds=x#' as 'OFF' })).rejects.toThrow('read.verbose must be');
    expect(server.requests).toHaveLength(1);
  });
});

/** What is left of a path when a proxy decodes it, takes off path parameters and follows dot segments, as often as there are proxies. */
function throughProxies(pathname: string): string {
  let path = pathname;
  for (let proxy = 0; proxy < 3; proxy++) {
    try {
      path = new URL(decodeURIComponent(path).replaceAll('\\', '/').replace(/;[^/]*/g, '').replace(/[?#\t\r\n]/g, '_').trim(), 'http://host').pathname;
    } catch {
      return path;
    }
  }
  return path;
}

describe('F65: any string', () => {
  const sent: string[] = [];
  const { api } = createStatisticsClient({
    baseUrl: 'https://host/statistics/v3',
    transport: ({ url }) => {
      sent.push(url.slice('https://host'.length));
      return Promise.resolve(reply(200, { status: { code: 0 }, data: { statistics: [], statistic: {} } }));
    },
  });
  /** Made of what matters in paths, mostly. */
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom('.', '..', '/', '\\', '%2e', '%2f', '%5C', '%25', '?', '#', 'a', ' ', ';', ':', '@', '\u0000', '\r\n', '\ud800'), maxLength: 8 }),
  );

  it('is refused as an id, or is one segment whatever proxies make of it', async () => {
    await fc.assert(
      fc.asyncProperty(text, async (id) => {
        sent.length = 0;
        const refused = await api.closeSubscription(id).then(() => false, (error: unknown) => error instanceof StatisticsOptionError);
        expect(sent.length).toBe(refused ? 0 : 1);
        if (!refused) {
          expect(segmentsOf(sent[0] ?? '')).toHaveLength(4);
          const segments = segmentsOf(throughProxies(sent[0] ?? ''));
          expect(segments.slice(0, 3)).toEqual(['statistics', 'v3', 'subscriptions']);
          expect(segments).toHaveLength(4);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('is refused as a name, or leads nowhere but below the statistics\' values', async () => {
    await fc.assert(
      fc.asyncProperty(text, async (name) => {
        sent.length = 0;
        const refused = await api.getStatistic(name, sales).then(() => false, (error: unknown) => error instanceof StatisticsOptionError);
        expect(sent.length).toBe(refused ? 0 : 1);
        if (!refused) {
          expect(segmentsOf(sent[0] ?? '')).toHaveLength(4);
          expect(throughProxies(sent[0]?.split('?')[0] ?? '')).toMatch(/^\/statistics\/v3\/statistic-values(\/|$)/);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
