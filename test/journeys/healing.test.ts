/** G7 and G9: transient failures are retried, lost subscriptions are reopened, and no observer notices. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, describe } from 'vitest';
import { numeric } from '../../src/index.js';
import { createSimulator, type FaultScript } from '../../src/simulator/index.js';
import { allDeleted, answered, eventsOf, numberValue, record, sales, startClient, startSimulator, support, until } from '../support/journey.js';
import { envelope, startScriptedServer, take } from '../support/scripted-server.js';

const inQueue = { name: 'Current_In_Queue', ...sales };

const transient: [string, FaultScript][] = [
  ...[301, 302, 307, 408, 425, 429, 500, 502, 503, 504].map((status): [string, FaultScript] => [`a ${status}`, { kind: 'status', status }]),
  ['F07: a reset', { kind: 'reset' }],
  ['F13: no answer at all', { kind: 'hang' }],
  ['F08: half a body', { kind: 'truncate' }],
  ['F25: a page of HTML', { kind: 'body', status: 200, body: '<html>sign in</html>', headers: { 'content-type': 'text/html' } }],
  ['F27: a 200 with a failure code', { kind: 'body', status: 200, body: '{"status":{"code":7,"message":"busy"}}' }],
];

describe('G7: transient failures never reach an observer', () => {
  it.each(transient)('%s, on opening and on polling', async (_, fault) => {
    const simulator = await startSimulator();
    const client = startClient(simulator.url, { request: { timeout: 100 } });
    simulator.set(inQueue, numberValue(1));
    simulator.fault({ ...fault, operation: 'open' });
    const one = record(client.statistic$('Current_In_Queue', sales).pipe(numeric()));
    const set = record(client.subscription$([{ name: 'Total_Answered', ...support }]));
    await until('both have a value', () => one.values.length === 1 && set.values.length === 1);
    simulator.fault({ ...fault, operation: 'read', times: 2 });
    await answered(simulator, 'read', 2).catch(() => undefined);
    simulator.set(inQueue, numberValue(2));
    await until('the change', () => one.values.length === 2);
    expect(one.values).toEqual([1, 2]);
    expect([one.error, set.error]).toEqual([undefined, undefined]);
    one.unsubscribe();
    set.unsubscribe();
    await allDeleted(simulator);
  });

  it('F01: a refused connection is retried, health reports it, and the first value comes once the port opens', async () => {
    const reserved = createServer();
    await new Promise<void>((resolve) => reserved.listen(0, '127.0.0.1', resolve));
    const { port } = reserved.address() as AddressInfo;
    await new Promise((resolve) => reserved.close(resolve));
    const client = startClient(`http://127.0.0.1:${port}/statistics/v3`);
    const health = record(client.health$);
    const events = record(client.events$);
    const observer = record(client.statistic$('Current_In_Queue', sales));
    await until('health is degraded', () => health.values.some(({ status, lastError }) => status === 'degraded' && /ECONNREFUSED/.test(lastError?.message ?? '')));
    expect(health.values.at(-1)?.retryAt).toBeGreaterThan(0);
    await using simulator = await createSimulator({ clock: 'manual', port });
    await until('a value', () => observer.values.length === 1);
    await until('health is live', () => health.values.at(-1)?.status === 'live');
    expect(health.values.at(-1)).not.toHaveProperty('lastError');
    expect(simulator.ledger.count('open')).toBe(1);
    // A request that was never sent opened nothing, so there is nothing to delete or to report as orphaned.
    expect(events.values.filter((event) => event.type === 'orphaned' || (event.type === 'retrying' && event.operation === 'delete'))).toEqual([]);
    expect(simulator.ledger.count('close')).toBe(0);
    await client.close();
  });

  it('F42: Retry-After is waited for', async () => {
    const simulator = await startSimulator();
    const client = startClient(simulator.url, { retry: { minTimeout: 10, maxTimeout: 5000 } });
    const retrying = eventsOf(client, 'retrying');
    simulator.fault({ kind: 'status', operation: 'open', status: 503, headers: { 'retry-after': '1' } });
    const observer = record(client.statistic$('Current_In_Queue', sales));
    await until('a value', () => observer.values.length === 1);
    expect(retrying).toHaveLength(1);
    expect(retrying[0]?.delay).toBeGreaterThanOrEqual(1000);
    const [first, second] = simulator.ledger.requests;
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(990);
  });

  it('F44: a Retry-After of years is capped at retry.maxTimeout', async () => {
    const simulator = await startSimulator();
    const client = startClient(simulator.url);
    const retrying = eventsOf(client, 'retrying');
    simulator.fault({ kind: 'status', operation: 'open', status: 429, headers: { 'retry-after': '1000000000' } });
    const observer = record(client.statistic$('Current_In_Queue', sales));
    await until('a value', () => observer.values.length === 1);
    expect(retrying).toHaveLength(1);
    expect(retrying[0]?.delay, 'and a share of the interval at random').toBeLessThanOrEqual(100);
  });

  it('I16: silence makes a value stale, by a timer; the next answer makes it live again', async () => {
    const simulator = await startSimulator();
    const client = startClient(simulator.url, { poll: { interval: 20, staleAfter: 150 } });
    simulator.set(inQueue, numberValue(1));
    const states = record(client.statisticState$('Current_In_Queue', sales));
    await until('it is live', () => states.values.length === 2);
    const heal = simulator.fault({ kind: 'status', status: 503, operation: ['read', 'open'], times: Infinity });
    await until('it is stale', () => states.values.length === 3);
    heal();
    await until('it is live again', () => states.values.length === 4);
    expect(states.values.map(({ status }) => status)).toEqual(['pending', 'live', 'stale', 'live']);
    expect(states.values[2]).toMatchObject({ value: { value: numberValue(1) }, error: { httpStatus: 503 } });
    expect(states.values[3]?.receivedAt).toBeGreaterThan(states.values[1]?.receivedAt ?? 0);
  });
});

const forgotten: [string, (simulator: Awaited<ReturnType<typeof startSimulator>>) => void][] = [
  ['F31: 404', (simulator) => simulator.forget()],
  ['F32: 400', (simulator) => simulator.fault({ kind: 'status', operation: 'read', status: 400 })],
  ['F32: 403', (simulator) => simulator.fault({ kind: 'status', operation: 'read', status: 403 })],
  ['F33: 200 without data', (simulator) => simulator.fault({ kind: 'body', operation: 'read', body: '{"status":{"code":0}}' })],
  ['F34: an empty list', (simulator) => simulator.fault({ kind: 'body', operation: 'read', body: '{"status":{"code":0},"data":{"statistics":[]}}' })],
  ['another set under our id', (simulator) => simulator.fault({ kind: 'body', operation: 'read', body: '{"status":{"code":0},"data":{"statistics":[{"statisticId":"x","name":"Other","objectId":"o","objectType":"Queue","value":{"intValue":9}}]}}' })],
  ['F122: a 500 that stays', (simulator) => simulator.fault({ kind: 'status', operation: 'read', status: 500, times: 2 })],
];

describe('G9: a forgotten subscription is opened anew, and no observer notices', () => {
  it.each(forgotten)('%s', async (_, forget) => {
    const simulator = await startSimulator();
    const client = startClient(simulator.url);
    const reopened = eventsOf(client, 'reopened');
    simulator.set(inQueue, numberValue(1));
    const one = record(client.statistic$('Current_In_Queue', sales).pipe(numeric()));
    await until('a value', () => one.values.length === 1);
    await answered(simulator, 'read', 1);
    forget(simulator);
    await until('it is open again', () => reopened.length === 1);
    await answered(simulator, 'read', 1);
    expect(one.values).toEqual([1]);
    simulator.set(inQueue, numberValue(2));
    await until('the change', () => one.values.length === 2);
    expect(one.values).toEqual([1, 2]);
    expect(one.error).toBeUndefined();
    expect(simulator.ledger.count('open')).toBe(2);
    expect(new Set(simulator.ledger.opened).size).toBe(2);
    one.unsubscribe();
    await until('both are deleted', () => simulator.ledger.count('close') === 2);
  });

  it('values of a failed-over Stat Server with an older clock are accepted after the re-open', async () => {
    const simulator = await startSimulator();
    const client = startClient(simulator.url);
    simulator.set(inQueue, numberValue(1));
    const one = record(client.statistic$('Current_In_Queue', sales).pipe(numeric()));
    await until('a value', () => one.values.length === 1);
    await answered(simulator, 'read', 1);
    simulator.forget();
    const body = { status: { code: 0 }, data: { subscriptionId: 'after-failover', statistics: [{ ...inQueue, timestamp: 1_000_000_000, value: numberValue(5) }] } };
    simulator.fault({ kind: 'body', operation: 'open', body: JSON.stringify(body) });
    await until('the older clock is believed', () => one.values.length >= 2);
    expect(one.values.slice(0, 2)).toEqual([1, 5]);
  });

  it('an outage of the network costs no opens', async () => {
    const simulator = await startSimulator();
    const client = startClient(simulator.url);
    const one = record(client.statistic$('Current_In_Queue', sales));
    await until('a value', () => one.values.length === 1);
    simulator.fault({ kind: 'reset', operation: 'read', times: 8 });
    await until('it is over', () => simulator.ledger.requests.filter(({ operation, status }) => operation === 'read' && status === 200).length >= 2);
    expect(simulator.ledger.count('open')).toBe(1);
  });

  it('F122: a forgotten subscription whose polls get 500 is replaced after two polls and one probe, with the default retry options', async () => {
    const server = await startScriptedServer();
    const { node } = server;
    const client = startClient(server.url, { batch: { size: 1 }, poll: { interval: 200, maxInterval: 200 }, retry: undefined });
    const one = record(client.statistic$('Total_Answered', sales).pipe(numeric()));
    const other = record(client.subscription$([{ name: 'Other', ...support }]));
    await until('both were polled', () => new Set(server.of('read').map(({ id }) => id)).size === 2);
    const old = [...node.opened];
    const before = server.requests.length;
    node.open.clear();
    server.script = ({ operation, id }) => (operation === 'read' && !node.open.has(id) ? { status: 500, body: envelope(undefined, { code: 500 }) } : undefined);
    Object.assign(node.values, { Total_Answered: 7, Other: 7 });
    await until('both have the change', () => one.values.length === 2 && other.values.length === 2);
    await until('what was lost is deleted', () => old.every((id) => node.deleted.includes(id)));
    const reads = server.requests.slice(before).filter(({ operation }) => operation === 'read');
    expect(old.map((id) => reads.filter((read) => read.id === id).length)).toEqual([2, 2]);
    expect([node.opened.length, one.error, other.error]).toEqual([4, undefined, undefined]);
    expect(node.open.size).toBe(2);
  });

  it('F123: a server that answers 500 to everything sees few openings, and its subscriptions are polled when it is back', async () => {
    const server = await startScriptedServer();
    const { node } = server;
    const client = startClient(server.url, { batch: { size: 1 }, retry: { minTimeout: 50 }, request: { timeout: 4000 } });
    const sets = Array.from({ length: 6 }, (_, index) => record(client.subscription$([{ name: `Statistic${index}`, ...sales }])));
    await until('all were polled', () => new Set(server.of('read').map(({ id }) => id)).size === sets.length);
    server.script = () => ({ status: 500, body: envelope(undefined, { code: 500 }) });
    const before = server.of('read').length;
    await until('each has failed four times', () => node.opened.every((id) => server.of('read').slice(before).filter((read) => read.id === id).length >= 4));
    const probes = server.of('open').length - sets.length;
    expect(probes).toBeGreaterThan(0);
    expect(probes).toBeLessThanOrEqual(6);
    // A probe may be on its way. If it succeeded, its subscription would replace an old one.
    server.script = take('open', { status: 500, body: envelope(undefined, { code: 500 }) });
    sets.forEach((_, index) => (node.values[`Statistic${index}`] = 9));
    await until('all have the change', () => sets.every(({ values }) => values.length === 2));
    expect([node.opened.length, node.deleted]).toEqual([sets.length, []]);
  });

  it('F37: subscriptions that die before a healthy poll are opened less and less often', async () => {
    const simulator = await startSimulator();
    const client = startClient(simulator.url);
    const retrying = eventsOf(client, 'retrying');
    simulator.fault({ kind: 'forget', operation: 'read', times: Infinity });
    record(client.statistic$('Current_In_Queue', sales));
    await until('five opens', () => simulator.ledger.count('open') >= 5);
    expect(retrying.filter(({ operation }) => operation === 'open').map(({ attempt }) => attempt).slice(0, 4)).toEqual([1, 2, 3, 4]);
  });
});
