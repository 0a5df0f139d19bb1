/** The server without sockets: the same answers, faults and ledger as over HTTP, by a function call. */
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createStatisticsClient, type Transport } from '../../src/index.js';
import { createSimulator, type Simulator, type SimulatorOptions } from '../../src/simulator/index.js';
import { quick, record, until } from '../support/journey.js';
import { AFTERNOON, ask, openBody, sales } from './support.js';

const answered = { statisticId: 's', name: 'Total_Answered', ...sales };

async function startUnlistened(options: SimulatorOptions = {}): Promise<Simulator> {
  const simulator = await createSimulator({ clock: 'manual', startAt: AFTERNOON, listen: false, ...options });
  onTestFinished(() => simulator.close());
  return simulator;
}

const send = (simulator: Simulator, path: string, more: { method?: string; body?: string; maxBodyBytes?: number; headers?: Record<string, string>; signal?: AbortSignal } = {}) => {
  const { method = 'GET', headers = {}, maxBodyBytes = 1_000_000, signal = new AbortController().signal, body } = more;
  return simulator.transport({ method, url: `${simulator.url}${path}`, headers, maxBodyBytes, ...(body === undefined ? {} : { body }) }, signal);
};
const open = (simulator: Simulator, id: string, signal?: AbortSignal) =>
  send(simulator, '/subscriptions', { method: 'POST', body: JSON.stringify(openBody(id, answered)), ...(signal === undefined ? {} : { signal }) });
const openSockets = () => process.getActiveResourcesInfo().filter((name) => /TCP/.test(name)).length;

describe('without sockets', () => {
  it('answers exactly as over HTTP, but for the headers of a connection', async () => {
    const simulator = await startUnlistened({ listen: true, seed: 3 });
    for (const path of ['/statistic-values/Total_Answered?objectId=Sales%40SIP&objectType=Queue', '/subscriptions/none/statistic-values', '/nothing', '/%E0']) {
      const bySocket = await ask(simulator, path);
      const byCall = await send(simulator, path);
      expect([byCall.status, byCall.body]).toEqual([bySocket.status, bySocket.text]);
      const { 'content-type': type, 'cache-control': cache } = byCall.headers;
      expect({ type, cache }).toEqual({ type: bySocket.headers['content-type'], cache: bySocket.headers['cache-control'] });
      expect(byCall.setCookies).toHaveLength(1);
    }
    expect(simulator.ledger.count('peek')).toBe(2);
  });

  it('listens nowhere, and its URL leads nowhere else', async () => {
    const before = openSockets();
    const simulator = await startUnlistened();
    expect(openSockets()).toBe(before);
    expect(simulator).toMatchObject({ port: 0, url: 'https://simulator.invalid/statistics/v3' });
    expect((await open(simulator, 'x')).status).toBe(200);
    expect(simulator.ledger).toMatchObject({ open: ['x'], sockets: 0, connections: 0 });
  });

  it('serves a whole client: values, a change, a fault, a DELETE', async () => {
    const simulator = await startUnlistened({ apiKey: 'a-key-of-eight', token: 'a-token-of-ten' });
    const waiting = { name: 'Current_In_Queue', ...sales };
    simulator.set(waiting, 1);
    const transport: Transport = simulator.transport;
    const client = createStatisticsClient({ baseUrl: simulator.url, transport, apiKey: 'a-key-of-eight', token: 'a-token-of-ten', ...quick });
    onTestFinished(() => client.close());
    const seen = record(client.statistic$('Current_In_Queue', sales));
    await until('the first value', () => seen.values.length === 1);
    simulator.fault({ kind: 'reset', operation: 'read' });
    simulator.fault({ kind: 'truncate', operation: 'read' });
    simulator.set(waiting, 2);
    await until('the second value', () => seen.values.length === 2);
    expect(seen.values.map(({ value }) => (value as { intValue: number }).intValue)).toEqual([1, 2]);
    await client.close();
    expect(simulator.ledger.open).toEqual([]);
    expect(simulator.ledger.deleted).toEqual(simulator.ledger.opened);
  });

  it('runs under fake timers: without a latency it needs none', async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const simulator = await startUnlistened();
    expect((await open(simulator, 'x')).status).toBe(200);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('the duties of a transport', () => {
  it('rejects with the reason of the signal: before, and at once in the middle', async () => {
    const simulator = await startUnlistened();
    const reason = new Error('enough');
    await expect(open(simulator, 'x', AbortSignal.abort(reason))).rejects.toBe(reason);
    expect(simulator.ledger.count()).toBe(0);
    const undo = simulator.fault({ kind: 'hang', operation: 'open' });
    const controller = new AbortController();
    const pending = open(simulator, 'x', controller.signal);
    controller.abort(reason);
    await expect(pending).rejects.toBe(reason);
    undo();
    expect((await open(simulator, 'y')).status).toBe(200);
    expect(simulator.ledger.opened).toEqual(['y']);
  });

  it('a delayed request is processed although the caller has left', async () => {
    const simulator = await startUnlistened();
    simulator.fault({ kind: 'delay', ms: 20 });
    const controller = new AbortController();
    const pending = open(simulator, 'x', controller.signal);
    controller.abort();
    await expect(pending).rejects.toThrow();
    await until('it is processed', () => simulator.ledger.opened.length === 1);
  });

  it('refuses a body that is too large, and one that is no UTF-8', async () => {
    const simulator = await startUnlistened();
    await expect(send(simulator, '/nothing', { maxBodyBytes: 10 })).rejects.toThrow(/more than 10/);
    simulator.fault({ kind: 'body', body: new Uint8Array([0x7b, 0xff]) });
    await expect(send(simulator, '/nothing')).rejects.toThrow();
    expect((await send(simulator, '/subscriptions', { method: 'POST', body: `"${'ü'.repeat(5 * 1024 * 1024)}"` })).status).toBe(413);
  });

  it('a reset and half an answer break the call, with the code of the system', async () => {
    const simulator = await startUnlistened();
    simulator.fault({ kind: 'reset' });
    simulator.fault({ kind: 'resetAfter' });
    simulator.fault({ kind: 'truncate' });
    for (const id of ['a', 'b', 'c']) await expect(open(simulator, id)).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(simulator.ledger.opened).toEqual(['b', 'c']);
  });

  it('close() breaks off what is under way, and refuses what comes', async () => {
    const simulator = await startUnlistened();
    simulator.fault({ kind: 'hang' });
    simulator.fault({ kind: 'delay', ms: 600_000 });
    const pending = [open(simulator, 'x'), open(simulator, 'y')];
    await simulator.close();
    for (const one of pending) await expect(one).rejects.toMatchObject({ code: 'ECONNRESET' });
    await expect(open(simulator, 'z')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});

describe('stop() and start()', () => {
  it('over HTTP: goes away, and comes back on the same port with its subscriptions', async () => {
    const simulator = await startUnlistened({ listen: true });
    const { port, url } = simulator;
    await ask(simulator, '/subscriptions', { method: 'POST', body: openBody('x', answered) });
    await simulator.stop();
    await simulator.stop();
    await expect(ask(simulator, '/nothing')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    expect(simulator.ledger.sockets).toBe(0);
    await simulator.start();
    await simulator.start();
    expect(simulator).toMatchObject({ port, url });
    expect((await ask(simulator, '/subscriptions/x/statistic-values')).status).toBe(200);
    expect(simulator.ledger.connections).toBe(2);
    await simulator.close();
    await expect(simulator.start()).rejects.toThrow('the simulator is closed');
  });

  it('without sockets: calls are refused in between', async () => {
    const simulator = await startUnlistened();
    await open(simulator, 'x');
    await simulator.stop();
    await expect(open(simulator, 'y')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await simulator.start();
    expect((await send(simulator, '/subscriptions/x/statistic-values')).status).toBe(200);
  });

  it('a client survives it: no error, and the same subscription goes on', async () => {
    const simulator = await startUnlistened({ listen: true });
    const waiting = { name: 'Current_In_Queue', ...sales };
    simulator.set(waiting, 1);
    const client = createStatisticsClient({ baseUrl: simulator.url, ...quick });
    onTestFinished(() => client.close());
    const seen = record(client.statistic$('Current_In_Queue', sales));
    await until('the first value', () => seen.values.length === 1);
    await simulator.stop();
    simulator.set(waiting, 2);
    await simulator.start();
    await until('the second value', () => seen.values.length === 2);
    expect(seen.error).toBeUndefined();
    expect(simulator.ledger.count('open')).toBe(1);
  });
});
