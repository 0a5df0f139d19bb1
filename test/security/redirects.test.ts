/**
 * F96: no redirect is followed, whatever it is and wherever it leads, by either implementation of `fetch`; the second place
 * hears nothing at all, and an error tells its host alone.
 */
import crossFetch from 'cross-fetch';
import { describe, expect, it } from 'vitest';
import { fetchTransport, StatisticsApiError, type StatisticsApi } from '../../src/index.js';
import { canary } from '../support/canary.js';
import { startHostileServer, startSilentPort } from '../support/hostile-server.js';
import { record, sales, startClient, until } from '../support/journey.js';

const transports = { 'the fetch of the platform': fetchTransport((url, init) => fetch(url, init)), 'cross-fetch': fetchTransport(crossFetch) };

const targets: [what: string, location: (port: number) => string, told: (port: number) => string][] = [
  ['another port', (port) => `http://127.0.0.1:${port}/steal?key=1#part`, (port) => `127.0.0.1:${port}`],
  ['another host', (port) => `http://localhost:${port}/steal`, (port) => `localhost:${port}`],
  ['another scheme', (port) => `https://127.0.0.1:${port}/steal`, (port) => `127.0.0.1:${port}`],
  ['a host without a scheme', (port) => `//127.0.0.1:${port}/steal`, (port) => `127.0.0.1:${port}`],
  ['a URL with credentials', (port) => `http://user:steal@127.0.0.1:${port}/steal`, (port) => `127.0.0.1:${port}`],
  ['a host behind a backslash', (port) => `/\\127.0.0.1:${port}/steal`, (port) => `127.0.0.1:${port}`],
];

const methods: Record<string, (api: StatisticsApi) => Promise<unknown>> = {
  'GET a subscription': (api) => api.readSubscription('op-1'),
  'POST an opening': (api) => api.openSubscription('op-1', [{ statisticId: 's1', name: 'a', ...sales }]),
  'DELETE a subscription': (api) => api.closeSubscription('op-1'),
  'POST a peek at many': (api) => api.getStatistics([{ name: 'a', ...sales }]),
};

const secrets = { apiKey: canary('key'), token: canary('token'), headers: { 'x-tenant': canary('tenant') } };

async function failureOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(() => undefined, (error: unknown) => error);
}

describe.each(Object.entries(transports))('F96: by %s', (_, transport) => {
  describe.each([301, 302, 303, 307, 308])('a %i', (status) => {
    it.each(Object.keys(methods))('is not followed by %s', async (method) => {
      const second = await startSilentPort();
      let location = '';
      const first = await startHostileServer(() => ({ status, headers: { location, refresh: `0; url=${location}` }, body: `<a href="${location}">moved</a>` }));
      const { api } = startClient(first.url, { ...secrets, transport });
      for (const [what, locationOf, told] of targets) {
        location = locationOf(second.port);
        const error = await failureOf(methods[method]?.(api) ?? Promise.resolve());
        expect(error, what).toBeInstanceOf(StatisticsApiError);
        expect(error, what).toMatchObject({ httpStatus: status, path: undefined, detail: undefined });
        const { message } = error as Error;
        expect(message, what).not.toMatch(/steal|user|key=/);
        expect(message, what).toContain(`a redirect to ${told(second.port)};`);
      }
      expect(first.requests).toHaveLength(targets.length);
      expect(second.connections).toHaveLength(0);
    });
  });

  it('F46: nor is one to another path of the server itself', async () => {
    const first = await startHostileServer(({ target }) => (target.includes('elsewhere') ? undefined : { status: 302, headers: { location: '/elsewhere?secret=1' } }));
    const { api } = startClient(first.url, { ...secrets, transport });
    const error = await failureOf(api.readSubscription('op-1'));
    expect((error as Error).message).toMatch(/a redirect to (itself|127\.0\.0\.1:\d+); redirects are not followed$/);
    expect(first.requests).toHaveLength(1);
  });

  it.each(['javascript:alert(1)', 'file:///etc/passwd', 'http://', '', 'http://[', `http://host/${'x'.repeat(10_000)}`, `http://${canary('tenant')}.example/`])(
    'what a Location holds is not repeated (%#)',
    async (location) => {
      const first = await startHostileServer(() => ({ status: 302, headers: { location } }));
      const { api } = startClient(first.url, { ...secrets, transport });
      const { message } = (await failureOf(api.readSubscription('op-1'))) as Error;
      expect(message).toMatch(/^GET \/subscriptions\/op-1\/statistic-values answered 302/);
      expect(message.length).toBeLessThan(200);
      expect(message).not.toMatch(/alert|passwd|xxx|canary/);
    },
  );
});

describe('F96: a stream', () => {
  it('outlives redirects of its opening, its polls and its DELETE, and tells nobody else of them', async () => {
    const second = await startSilentPort();
    const seen = new Map<string, number>();
    const server = await startHostileServer(({ method }) => {
      const count = (seen.get(method) ?? 0) + 1;
      seen.set(method, count);
      return count === 1 ? { status: 307, headers: { location: `http://127.0.0.1:${second.port}/` } } : undefined;
    });
    const client = startClient(server.url, secrets);
    const one = record(client.statistic$('Total_Answered', sales));
    await until('it has been polled', () => (seen.get('GET') ?? 0) > 1 && one.values.length === 1);
    one.unsubscribe();
    await until('it has been deleted', () => (seen.get('DELETE') ?? 0) === 2);
    expect(second.connections).toHaveLength(0);
  });

  it('takes no answer from a fetch that follows redirects in spite of us', async () => {
    const second = await startHostileServer();
    const first = await startHostileServer(() => ({ status: 307, headers: { location: `${second.url}/statistic-values/a` } }));
    const transport = fetchTransport((url, init) => fetch(url, { ...init, redirect: 'follow' }));
    const { api } = startClient(first.url, { transport });
    await expect(api.getStatistic('a', sales)).rejects.toThrow('redirects are not followed');
    expect(second.requests).toHaveLength(1);
  });

  it('lets no `init` of fetchTransport switch following on', async () => {
    const second = await startSilentPort();
    const first = await startHostileServer(() => ({ status: 302, headers: { location: `http://127.0.0.1:${second.port}/` } }));
    const { api } = startClient(first.url, { ...secrets, transport: fetchTransport((url, init) => fetch(url, init), { redirect: 'follow' }) });
    await expect(api.readSubscription('op-1')).rejects.toThrow('answered 302');
    expect(second.connections).toHaveLength(0);
  });
});
