/** F140 to F142, F147: programs and platforms that provide less than expected, or something else. Whole clients; for details see test/wire. */
import { request as httpRequest } from 'node:http';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createClientOn } from '../support/client-on.js';
import { numeric, type Transport, type TransportResponse } from '../../src/index.js';
import { UnexpectedError } from '../../src/model/errors.js';
import { allDeleted, answered, eventsOf, record, sales, startClient, startSimulator, until } from '../support/journey.js';
import { createMemoryServer } from '../support/memory-server.js';
import { startRig } from '../support/rig.js';
import { startScriptedServer } from '../support/scripted-server.js';
import { createVirtualClock } from '../support/virtual-clock.js';

afterEach(() => {
  vi.unstubAllGlobals();
});

/** A quickly written transport: it returns Node's own headers, some of which are lists. */
const overHttp: Transport = ({ url, method, headers, body }, signal) =>
  new Promise((resolve, reject) => {
    const sent = httpRequest(url, { method, headers, signal }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks).toString() } as TransportResponse));
    });
    sent.on('error', reject);
    sent.end(body);
  });

describe('F140: a transport over node:http that returns the headers unchanged', () => {
  it('keeps the cookies, and its statistics live', async () => {
    const server = await startScriptedServer();
    server.script = () => ({ send, serve }) => send({ ...serve(), headers: { 'set-cookie': ['node=one; Path=/', 'lb=two; Path=/'] } });
    const client = startClient(server.url, { transport: overHttp, request: { timeout: 60_000 } });
    const one = record(client.statistic$('a', sales).pipe(numeric()));
    await until('it is polled', () => server.of('read').length > 1);
    expect(one.values).toEqual([0]);
    expect(server.of('read').at(-1)?.headers['cookie']).toBe('node=one; lb=two');
  });

  it.each<[string, unknown]>([['a number', 20], ['a list', ['20']]])('waits for a Retry-After that is %s', async (_, value) => {
    const clock = createVirtualClock();
    const server = createMemoryServer(() => clock.monotonic());
    let refusals = 1;
    const transport: Transport = (request, signal) =>
      refusals-- > 0 ? Promise.resolve({ status: 429, headers: { 'retry-after': value }, body: '' } as never) : server.transport(request, signal);
    const client = createClientOn(clock, { baseUrl: 'https://host/statistics/v3', transport });
    const one = record(client.statistic$('a', sales));
    await clock.advance(19_900);
    expect([one.values.length, one.error]).toEqual([0, undefined]);
    await clock.advance(10_000);
    expect(one.values).toHaveLength(1);
  });
});

describe('F141: a bug of the library, or a platform that lacks a part', () => {
  it('is reported at once, to observers, peeks and the endpoints, and is not retried', async () => {
    vi.stubGlobal('TextEncoder', class { encode(): never { throw new TypeError('encode is locked'); } });
    const { clock, server, client } = startRig();
    const retries = eventsOf(client, 'retrying');
    const streams = [record(client.statistic$('a', sales)), record(client.subscription$([{ name: 'b', ...sales }])), record(client.peek$('a', sales))];
    const called = client.api.getStatistic('a', sales).catch((error: unknown) => error);
    await clock.advance(1000);
    const causes = [...streams.slice(0, 2).map(({ error }) => (error as Error).cause), streams[2]?.error, await called];
    causes.forEach((cause) => {
      expect(cause).toBeInstanceOf(UnexpectedError);
      expect((cause as Error).message).toMatch(/ failed by a bug of genesys-statistics-rx, or of the platform: TypeError: encode is locked$/);
    });
    expect((streams[0]?.error as Error).name).toBe('StatisticRejectedError');
    expect(retries.filter(({ operation }) => operation !== 'delete')).toEqual([]);
    // First both statistics together, then each alone, because one of them might have been at fault.
    expect(server.count('POST')).toBe(3);
  });
});

describe('F147: a port that fetch refuses', () => {
  it.each([6000, 25])('%i: nothing was sent, so nothing is deleted or reported as orphaned', async (port) => {
    const client = startClient(`http://127.0.0.1:${port}/statistics/v3`);
    const events = record(client.events$);
    record(client.statistic$('a', sales));
    await until('it is tried again', () => events.values.filter(({ type }) => type === 'retrying').length > 2);
    await client.close();
    expect(events.values.map((event) => (event.type === 'retrying' ? [event.operation, event.error] : event.type)).slice(0, 3)).toEqual(
      Array.from({ length: 3 }, () => ['open', expect.objectContaining({ kind: 'refused', message: 'POST /subscriptions got no answer: bad port' })]),
    );
    expect(events.values.filter(({ type }) => type !== 'retrying')).toEqual([]);
  });
});

describe('F142: a platform part that cannot be used', () => {
  it('abort signals that fetch refuses: statistics are live without them, and it is reported once', async () => {
    const simulator = await startSimulator();
    const { fetch } = globalThis;
    // As in jsdom, which has its own signals that Node's fetch does not accept.
    vi.stubGlobal('fetch', (url: string, init: RequestInit) => (init.signal === undefined ? fetch(url, init) : Promise.reject(new TypeError('Expected signal ("Signal {}") to be an instance of AbortSignal.'))));
    const client = startClient(simulator.url, { request: { timeout: 60_000 } });
    const failures = eventsOf(client, 'platformFailed');
    const retries = eventsOf(client, 'retrying');
    const one = record(client.statistic$('Total_Answered', sales));
    await until('a value', () => one.values.length === 1);
    await answered(simulator, 'read', 2);
    one.unsubscribe();
    await allDeleted(simulator);
    expect(failures.map(({ error }) => error.message)).toEqual(['requests are not aborted, since fetch refuses the signals of AbortController']);
    expect(retries).toEqual([]);
  });
});
