/**
 * Eight differences between the vendor's client (`genesys-statistics-client-js` 9.0.2) and this one. Each is shown with both
 * clients, against the same server over real sockets. docs/vendor.md describes them.
 */
import { createServer, OutgoingMessage, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { numeric, StatisticsApiError } from '../../src/index.js';
import { answered, numberValue, record, sales, startClient, startSimulator, until } from '../support/journey.js';
import { resultOf, runProgram } from '../support/vendor.js';

const answeredCalls = { name: 'Total_Answered', ...sales };
const waiting = { name: 'Current_In_Queue', ...sales };

/** An address where no server listens. */
async function nobody(): Promise<string> {
  const reserved = createServer();
  await new Promise<void>((resolve) => reserved.listen(0, '127.0.0.1', resolve));
  const { port } = reserved.address() as AddressInfo;
  await new Promise((resolve) => reserved.close(resolve));
  return `http://127.0.0.1:${port}/statistics/v3`;
}

describe('1: starting where the server refuses', () => {
  const scenes: [string, number | undefined][] = [['401', 401], ['500', 500], ['a refused connection', undefined]];

  it.each(scenes)("%s: the vendor's initialize() is pending after three failed handshakes; every call of ours rejects", async (_, status) => {
    const simulator = await startSimulator();
    simulator.fault({ kind: 'status', status: status ?? 500, times: Infinity });
    const url = status === undefined ? await nobody() : simulator.url;
    const vendor = runProgram('vendor', url, `
      let settled = false;
      let failures = 0;
      api.notifications.cometd.addListener('/meta/handshake', ({ successful }) => {
        failures += successful ? 0 : 1;
        if (failures === 3) setImmediate(() => report({ settled }));
      });
      api.initialize('token').finally(() => (settled = true));`);
    expect(await resultOf(vendor)).toEqual({ settled: false });

    const { api, health$, statistic$ } = startClient(url);
    const calls = [() => api.openSubscription('one', [{ ...answeredCalls, statisticId: 'a' }]), () => api.getStatistics([answeredCalls]), () => api.closeSubscription('one')];
    for (const call of calls) {
      await expect(call()).rejects.toMatchObject(status === undefined ? { name: 'StatisticsNetworkError', kind: 'refused' } : { name: 'StatisticsApiError', httpStatus: status });
    }
    const health = record(health$);
    const one = record(statistic$('Total_Answered', sales));
    await until('health says so', () => ['degraded', 'unauthorized'].includes(health.values.at(-1)?.status ?? ''));
    expect(one.error).toBeUndefined();
  });

  it("a refused handshake: the vendor's program ends with its promise unsettled; ours needs no handshake", async () => {
    const simulator = await startSimulator();
    simulator.fault({ kind: 'body', operation: 'other', times: Infinity, body: [{ channel: '/meta/handshake', id: '1', successful: false, error: '403::refused', advice: { reconnect: 'none' } }] });
    const vendor = runProgram('vendor', simulator.url, `await api.initialize('token').then(report, report);`);
    // Node's exit code for a program that awaits a promise that never settles.
    expect(await vendor.exited()).toBe(13);
    expect(vendor.reported()).toBeUndefined();

    const one = record(startClient(simulator.url).statistic$('Total_Answered', sales));
    await until('a value', () => one.values.length === 1);
  });
});

it("2: a 200 that says it failed resolves with the vendor's, rejects with ours", async () => {
  const simulator = await startSimulator();
  const no = { status: { code: 7, message: 'not today', detail: { why: 'maintenance' } } };
  simulator.fault({ kind: 'body', operation: ['open', 'peekAll', 'close'], times: Infinity, body: no });
  const vendor = runProgram('vendor', simulator.url, `
    const settled = await Promise.allSettled([
      api.createSubscription('one', [{ statisticId: 'a', name: 'Total_Answered', objectId: 'Sales@SIP', objectType: 'Queue' }]),
      api.getStatValues([]),
      api.deleteSubscription('one'),
    ]);
    report(settled.map(({ status, value }) => [status, value?.status?.code]));`);
  expect(await resultOf(vendor)).toEqual([['fulfilled', 7], ['fulfilled', 7], ['fulfilled', 7]]);

  const { api } = startClient(simulator.url);
  for (const call of [() => api.openSubscription('one', [{ ...answeredCalls, statisticId: 'a' }]), () => api.getStatistics([answeredCalls]), () => api.closeSubscription('one')]) {
    const error: unknown = await call().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(StatisticsApiError);
    expect(error).toMatchObject({ code: 7, detail: { why: 'maintenance' }, message: expect.stringContaining('not today') });
  }
});

describe('3: a redirect to another host', () => {
  async function start(): Promise<{ url: string; arrived: IncomingMessage[] }> {
    const arrived: IncomingMessage[] = [];
    const elsewhere = createServer((request, response) => {
      arrived.push(request);
      response.setHeader('content-type', 'application/json');
      response.end('{"status":{"code":0}}');
    });
    await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      elsewhere.closeAllConnections();
      elsewhere.close();
    });
    const simulator = await startSimulator();
    const location = `http://localhost:${(elsewhere.address() as AddressInfo).port}/elsewhere`;
    simulator.fault({ kind: 'status', operation: 'peekAll', status: 302, headers: { location }, times: Infinity });
    return { url: simulator.url, arrived };
  }

  const hasGetter = '_headers' in OutgoingMessage.prototype;

  it("receives the vendor's key and token, and none of ours", async () => {
    const { url, arrived } = await start();
    // Node 24 has removed a getter that the vendor's HTTP library reads. This one is as it was up to Node 22.
    const getter = hasGetter ? '' : `
      const { OutgoingMessage } = await import('node:http');
      Object.defineProperty(OutgoingMessage.prototype, '_headers', { get() { return this.getHeaders(); } });`;
    const vendor = runProgram('vendor', url, `${getter}
      await api.initialize('canary-token-4711');
      report(await api.getStatValues([]));`);
    expect(await resultOf(vendor)).toMatchObject({ status: { code: 0 } });
    expect(arrived.map(({ method, headers }) => [method, headers['x-api-key'], headers.authorization])).toEqual([['GET', 'canary-key-4711', 'Bearer canary-token-4711']]);

    const { api } = startClient(url, { apiKey: 'canary-key-4711', token: 'canary-token-4711' });
    await expect(api.getStatistics([answeredCalls])).rejects.toMatchObject({ name: 'StatisticsApiError', httpStatus: 302 });
    expect(arrived).toHaveLength(1);
  });

  it.skipIf(hasGetter)("without that getter it ends the vendor's program by an error that reaches no promise; ours rejects", async () => {
    const { url } = await start();
    const vendor = runProgram('vendor', url, `report(await api.getStatValues([]).catch(String));`);
    expect(await vendor.exited()).toBe(1);
    expect(vendor.reported()).toBeUndefined();
    expect(vendor.output).toMatch(/TypeError: Cannot convert undefined or null to object\s+at exports.cleanHeader/);

    await expect(startClient(url).api.getStatistics([answeredCalls])).rejects.toMatchObject({ httpStatus: 302 });
  });
});

it("4: statisticIds are a repeated parameter with the vendor's, the documented comma list with ours", async () => {
  const simulator = await startSimulator();
  const vendor = runProgram('vendor', simulator.url, `
    await api.createSubscription('theirs', ['a', 'b', 'c'].map((statisticId) => ({ statisticId, name: 'Total_Answered', objectId: 'Sales@SIP', objectType: 'Queue' })));
    await api.peekSubscriptionStats('theirs', ['a', 'c']);
    report(true);`);
  await resultOf(vendor);
  const { api } = startClient(simulator.url);
  await api.openSubscription('ours', ['a', 'b', 'c'].map((statisticId) => ({ ...answeredCalls, statisticId })));
  await api.readSubscription('ours', { statisticIds: ['a', 'c'] });
  const queries = simulator.ledger.requests.filter(({ operation }) => operation === 'read').map(({ query }) => query);
  expect(queries).toEqual(['statisticIds=a&statisticIds=c&verbose=INFO', 'statisticIds=a,c&verbose=INFO']);
});

it("5: the token is in the vendor's log at debug level, and in no output of ours", async () => {
  const simulator = await startSimulator();
  const vendor = runProgram('vendor', simulator.url, `
    createRequire(require.resolve('genesys-statistics-client-js'))('winston').level = 'debug';
    await api.initialize('canary-token-4711');
    report(true);`);
  await resultOf(vendor);
  expect(vendor.output).toContain('canary-token-4711');

  const client = startClient(simulator.url, { apiKey: 'canary-key-4711', token: 'canary-token-4711' });
  const [events, health] = [record(client.events$), record(client.health$)];
  const one = record(client.statistic$('Total_Answered', sales));
  await until('a value', () => one.values.length === 1);
  simulator.fault({ kind: 'status', operation: 'read', status: 503, body: 'canary-token-4711 is not welcome' });
  await until('a failure', () => events.values.some(({ type }) => type === 'retrying'));
  const told = inspect([client, events.values, health.values], { depth: 20, showHidden: true });
  expect(told).toContain('is not welcome');
  expect(told).not.toContain('canary');
});

it("6: after a new token the vendor's emits every update twice, ours every value once", async () => {
  const simulator = await startSimulator();
  const update = { channel: '/statistics/v3/updates', data: { statistics: [{ subscriptionId: 'one', statisticId: 'a', value: 1 }] } };
  simulator.fault({ kind: 'rewrite', operation: 'other', match: ({ path }) => path.endsWith('/connect'), rewrite: (replies) => [update, ...(replies as object[])] });
  const vendor = runProgram('vendor', simulator.url, `
    const updates = [];
    const again = api.initialize('token-1').then(() => api.initialize('token-2')).catch((error) => error);
    api.on(api.UPDATES_EVENT, async (data) => {
      updates.push(data);
      report({ again: await again, updates: updates.length });
    });`);
  expect(await resultOf(vendor)).toEqual({ again: 'Illegal state: handshaken', updates: 2 });
  expect(simulator.ledger.requests.some(({ headers }) => headers['authorization'] === 'Bearer token-2')).toBe(true);

  simulator.expireToken('token-1');
  let asked = 0;
  const client = startClient(simulator.url, { token: () => `token-${++asked}` });
  simulator.set(waiting, numberValue(1));
  const one = record(client.statistic$('Current_In_Queue', sales).pipe(numeric()));
  await until('a value', () => one.values.length === 1);
  simulator.expireToken('token-2');
  simulator.set(waiting, numberValue(2));
  await until('the change', () => one.values.length === 2);
  await answered(simulator, 'read', 2);
  expect([asked, one.values]).toEqual([2, [1, 2]]);
});

it("7: after a partial failure the vendor's client does not say which statistic failed, ours errors that one", async () => {
  const simulator = await startSimulator();
  const status = { code: 3, message: 'cannot be opened' };
  simulator.fault({
    kind: 'rewrite',
    operation: ['open', 'read'],
    times: Infinity,
    rewrite(answer) {
      const { data, ...envelope } = answer as { data: { statistics: { name?: string; statisticId: string }[] } };
      const [failed, fine] = [data.statistics.filter(({ statisticId }) => statisticId.endsWith('1')), data.statistics.filter(({ statisticId }) => !statisticId.endsWith('1'))];
      return { ...envelope, data: { ...data, statistics: fine }, errors: failed.map(({ statisticId }) => ({ status, statisticId })) };
    },
  });
  const vendor = runProgram('vendor', simulator.url, `
    const statistics = ['s0', 's1'].map((statisticId) => ({ statisticId, name: 'Total_Answered', objectId: 'Sales@SIP', objectType: 'Queue' }));
    const { data, errors } = await api.createSubscription('one', statistics);
    report({ held: data.statistics.map(({ statisticId }) => statisticId), errors });`);
  expect(await resultOf(vendor)).toEqual({ held: ['s0'], errors: [{ status }] });

  const client = startClient(simulator.url);
  const [fine, failed] = [record(client.statistic$('Total_Answered', sales)), record(client.statistic$('Current_In_Queue', sales))];
  await until('it errors', () => failed.error !== undefined);
  expect(failed.error).toMatchObject({ name: 'StatisticRejectedError', definitions: [waiting] });
  expect(fine).toMatchObject({ error: undefined, values: [{ name: 'Total_Answered' }] });
});

it("8: loading the vendor's client adds window to the global scope; using ours changes nothing there", async () => {
  const simulator = await startSimulator();
  const globals = 'Object.getOwnPropertyNames(globalThis).sort()';
  const vendor = runProgram('vendor', simulator.url, `report([typeof window, typeof window?.XMLHttpRequest]);`);
  expect(await resultOf(vendor)).toEqual(['object', 'function']);

  const ours = runProgram('ours', simulator.url, `
    // Node defines some globals lazily. These exist before and after.
    void [fetch, crypto, navigator];
    const before = ${globals};
    const { createStatisticsClient } = await import('genesys-statistics-rx');
    const client = createStatisticsClient({ baseUrl: ${JSON.stringify(simulator.url)} });
    await new Promise((resolve) => client.statistic$('Total_Answered', { objectId: 'Sales@SIP', objectType: 'Queue' }).subscribe(resolve));
    await client.close();
    const after = ${globals};
    report({ added: after.filter((name) => !before.includes(name)), removed: before.filter((name) => !after.includes(name)) });`);
  expect(await resultOf(ours)).toEqual({ added: [], removed: [] });
});
