/** F95: changes by test frameworks, zones and monitoring: fake or wrapped timers, a patched or missing `fetch`. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createStatisticsClient, numeric } from '../../src/index.js';
import { allDeleted, answered, quick, record, sales, startClient, startSimulator, until } from '../support/journey.js';
import { createMemoryServer, reply } from '../support/memory-server.js';

// A client loads its cookie jar from disk after the first cookie, which fake timers do not advance.
await import('tough-cookie');

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

type Faked = NonNullable<Parameters<typeof vi.useFakeTimers>[0]>;

describe('F95: fake timers', () => {
  const kinds: [string, Faked, 'before' | 'after'][] = [
    ['of everything, as vitest, jest and sinon make them', {}, 'before'],
    ['of everything, but made after the client', {}, 'after'],
    ['of timers and Date, as fakeAsync makes them', { toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'] }, 'before'],
    ['of timers alone', { toFake: ['setTimeout', 'clearTimeout'] }, 'before'],
    ['of timers alone, made after the client', { toFake: ['setTimeout', 'clearTimeout'] }, 'after'],
  ];

  it.each(kinds)('%s: polls, backoff, a Retry-After, linger and close() are all driven by them', async (_, fake, when) => {
    const server = createMemoryServer(() => 0);
    const make = (): ReturnType<typeof createStatisticsClient> => createStatisticsClient({ baseUrl: 'https://host/statistics/v3', transport: server.transport, poll: { maxInterval: 5000 } });
    const made = when === 'after' ? make() : undefined;
    vi.useFakeTimers(fake);
    const client = made ?? make();
    const states = record(client.statisticState$('a', sales));
    const one = record(client.statistic$('a', sales).pipe(numeric()));
    await vi.advanceTimersByTimeAsync(100);
    expect(one.values).toEqual([0]);
    server.value = 1;
    await vi.advanceTimersByTimeAsync(5000);
    expect(one.values).toEqual([0, 1]);
    const before = server.count('GET');
    await vi.advanceTimersByTimeAsync(50_000);
    expect([9, 10]).toContain(server.count('GET') - before);
    server.fault = () => reply(429, undefined, { 'retry-after': '20' });
    await vi.advanceTimersByTimeAsync(80_000);
    expect(states.values.map(({ status }) => status)).toEqual(['pending', 'live', 'live', 'stale']);
    server.fault = undefined;
    server.value = 2;
    await vi.advanceTimersByTimeAsync(31_000);
    expect(one.values).toEqual([0, 1, 2]);
    states.unsubscribe();
    one.unsubscribe();
    await vi.advanceTimersByTimeAsync(999);
    expect(server.count('DELETE')).toBe(0);
    await vi.advanceTimersByTimeAsync(10);
    expect(server.deleted).toEqual(server.opened);
    expect(vi.getTimerCount()).toBe(0);
    await client.close();
  });
});

describe('F95: timers that are wrapped', () => {
  it('as a zone wraps them: the zone becomes stable once no observer is subscribed', async () => {
    const server = createMemoryServer(() => 0);
    const client = createStatisticsClient({ baseUrl: 'https://host/statistics/v3', transport: server.transport, ...quick });
    const { setTimeout: set, clearTimeout: clear } = globalThis;
    const tasks = new Map<object, NodeJS.Timeout>();
    // A zone returns its own object for a timer, which only its own clearTimeout accepts.
    vi.stubGlobal('setTimeout', (callback: () => void, delay: number) => {
      const task = {};
      tasks.set(task, set(() => {
        tasks.delete(task);
        callback();
      }, delay));
      return task;
    });
    vi.stubGlobal('clearTimeout', (task: object) => {
      clear(tasks.get(task));
      tasks.delete(task);
    });
    const one = record(client.statistic$('a', sales));
    await until('it is polled', () => server.count('GET') > 2);
    expect(tasks.size).toBeGreaterThan(0);
    one.unsubscribe();
    await until('no task is left', () => tasks.size === 0);
    expect(server.deleted).toEqual(server.opened);
  });
});

describe('F95: a fetch', () => {
  it('that is patched after the client was created is used, and the original one after the patch is removed', async () => {
    const simulator = await startSimulator();
    const client = startClient(simulator.url);
    const { fetch } = globalThis;
    const seen: string[] = [];
    vi.stubGlobal('fetch', (url: string, init: RequestInit) => {
      seen.push(`${init.method ?? ''} ${new URL(url).pathname.split('/')[3] ?? ''}`);
      return fetch(url, init);
    });
    const one = record(client.statistic$('Total_Answered', sales));
    await until('a value', () => one.values.length === 1);
    await answered(simulator, 'read', 1);
    expect(seen.slice(0, 2)).toEqual(['POST subscriptions', 'GET subscriptions']);
    vi.unstubAllGlobals();
    await answered(simulator, 'read', 1);
    const before = seen.length;
    await answered(simulator, 'read', 2);
    expect(seen).toHaveLength(before);
  });

  it('that is missing is replaced, even if it disappears later', async () => {
    const simulator = await startSimulator();
    const client = startClient(simulator.url);
    const one = record(client.statistic$('Total_Answered', sales));
    await until('a value', () => one.values.length === 1);
    vi.stubGlobal('fetch', undefined);
    await answered(simulator, 'read', 4);
    one.unsubscribe();
    await allDeleted(simulator);
  });

  it.each<[string, (...args: never) => unknown]>([
    ['answers with nothing', () => Promise.resolve(undefined)],
    ['answers with half a Response, as mocks do', () => Promise.resolve({ ok: true, status: 200, json: () => Promise.resolve({}) })],
    ['throws', () => { throw new TypeError('Failed to fetch'); }],
    ['never settles, whatever its signal', () => new Promise(() => undefined)],
  ])('that %s for a while is a failure like another', async (_, nonsense) => {
    const simulator = await startSimulator();
    const client = startClient(simulator.url, { request: { timeout: 100 } });
    const { fetch } = globalThis;
    const one = record(client.statistic$('Total_Answered', sales));
    const health = record(client.health$);
    await until('a value', () => one.values.length === 1);
    vi.stubGlobal('fetch', nonsense);
    await until('it is reported', () => health.values.at(-1)?.status === 'degraded');
    vi.stubGlobal('fetch', fetch);
    await until('all is well', () => health.values.at(-1)?.status === 'live');
    expect(one.error).toBeUndefined();
  });
});
