/** The control plane: everything a test in another process needs, for this machine alone. */
import { request as httpRequest } from 'node:http';
import { describe, expect, it } from 'vitest';
import type { Simulator, SimulatorOptions } from '../../src/simulator/index.js';
import { kim, numberOf, openAt, peekAt, readAt, sales, start, type Json } from './support.js';

const controlled = (options: SimulatorOptions = {}) => start({ control: true, ...options });

async function tell(simulator: Simulator, method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<{ status: number; json: Json; headers: Headers }> {
  const response = await fetch(new URL(`/__simulator${path}`, simulator.url), { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  const text = await response.text();
  return { status: response.status, json: text === '' ? undefined : JSON.parse(text), headers: response.headers };
}

const waiting = { name: 'Current_In_Queue', ...sales };

describe('commands', () => {
  it('set: a value for all who read it, and the own one again', async () => {
    const simulator = await controlled();
    const own = numberOf((await peekAt(simulator, waiting.name, sales)).json.data.statistic);
    expect(await tell(simulator, 'POST', '/set', { ...waiting, value: 77 })).toMatchObject({ status: 200, json: {} });
    expect(numberOf((await peekAt(simulator, waiting.name, sales)).json.data.statistic)).toBe(77);
    await tell(simulator, 'POST', '/set', waiting);
    expect(numberOf((await peekAt(simulator, waiting.name, sales)).json.data.statistic)).toBe(own);
  });

  it('fault: scripted, undone one by one or all', async () => {
    const simulator = await controlled();
    const status = async () => (await peekAt(simulator, waiting.name, sales)).status;
    const { id } = (await tell(simulator, 'POST', '/fault', { kind: 'status', status: 503, operation: 'peek', times: 'Infinity' })).json;
    expect([await status(), await status()]).toEqual([503, 503]);
    expect((await tell(simulator, 'DELETE', `/fault/${id}`)).status).toBe(200);
    expect(await status()).toBe(200);
    await tell(simulator, 'POST', '/fault', { kind: 'status', status: 500, lasts: 60_000 });
    expect(await status()).toBe(500);
    await tell(simulator, 'DELETE', '/fault');
    expect(await status()).toBe(200);
    expect(await tell(simulator, 'DELETE', `/fault/${id}`)).toMatchObject({ status: 400, json: { error: `there is no fault "${id}"` } });
  });

  it('advance, agents, queues and rush: the centre does as it is told', async () => {
    const simulator = await controlled();
    const before = simulator.centre.now();
    expect((await tell(simulator, 'POST', '/advance', { ms: 5000 })).json).toEqual({ now: before + 5000 });
    expect((await tell(simulator, 'GET', '/agents')).json).toHaveLength(18);
    expect((await tell(simulator, 'POST', '/agents/kim', { status: 'NotReady' })).json).toMatchObject({ name: 'kim', statusName: 'NotReadyForNextCall' });
    expect((await tell(simulator, 'GET', '/agents/kim')).json).toMatchObject({ statusName: 'NotReadyForNextCall' });
    const { entered } = (await tell(simulator, 'GET', '/queues/Sales%40SIP')).json as { entered: number };
    expect((await tell(simulator, 'POST', '/queues/Sales%40SIP', { arrive: 5 })).json.entered).toBe(entered + 5);
    expect((await tell(simulator, 'GET', '/queues')).json).toHaveLength(3);
    await tell(simulator, 'POST', '/rush', { factor: 0, ms: 3_600_000 });
    simulator.advance(3_000_000);
    expect(simulator.queue('Sales@SIP').report().entered).toBe(entered + 5);
    expect((await tell(simulator, 'GET', '/objects')).json).toContainEqual({ objectType: 'Agent', objectId: 'kim', madeUp: true });
    expect((await tell(simulator, 'GET', '/catalogue')).json).toContainEqual(expect.objectContaining({ name: waiting.name, source: 'agent-api-simulator' }));
  });

  it('ledger: ids, counts and requests, without secrets; itself it is not in it', async () => {
    const simulator = await controlled({ apiKey: 'a-key-of-eight', token: 'a-token-of-ten' });
    const headers = { 'x-api-key': 'a-key-of-eight', authorization: 'Bearer a-token-of-ten', cookie: 'STATISTICS_SESSIONID=abcdefgh', 'x-other': 'seen' };
    const response = await fetch(`${simulator.url}/subscriptions`, { method: 'POST', headers, body: JSON.stringify({ operationId: 'x', data: { statistics: [waiting] } }) });
    expect(response.status).toBe(200);
    const { json } = await tell(simulator, 'GET', '/ledger');
    expect(json).toMatchObject({ opened: ['x'], open: ['x'], deleted: [], counts: { open: 1, read: 0, other: 0 } });
    expect(json.requests).toHaveLength(1);
    expect(json.requests[0].headers).toMatchObject({ 'x-api-key': '(hidden)', authorization: '(hidden)', cookie: '(hidden)', 'x-other': 'seen' });
    expect((await tell(simulator, 'GET', '/ledger?requests=0')).json.requests).toEqual([]);
    await tell(simulator, 'DELETE', '/ledger');
    expect(simulator.ledger).toMatchObject({ requests: [], open: ['x'] });
  });

  it('forget and expire-token: as the server would by itself', async () => {
    const simulator = await controlled();
    for (const id of ['a', 'b']) await openAt(simulator, id, { name: 'CurrentAgentState', ...kim });
    await tell(simulator, 'POST', '/forget', { id: 'a' });
    expect([(await readAt(simulator, 'a')).status, (await readAt(simulator, 'b')).status]).toEqual([404, 200]);
    await tell(simulator, 'POST', '/forget');
    expect(simulator.ledger.open).toEqual([]);
    expect((await tell(simulator, 'POST', '/expire-token', { newToken: 'two' })).json).toEqual({ newToken: 'two' });
    expect((await readAt(simulator, 'b')).status).toBe(401);
  });

  it('lists itself, and says what is wrong with anything else', async () => {
    const simulator = await controlled();
    const { json } = await tell(simulator, 'GET', '');
    expect(json.map(({ method, path }: Json) => `${method} ${path}`)).toEqual(expect.arrayContaining(['POST /__simulator/set', 'POST /__simulator/agents/:id', 'GET /__simulator/ledger']));
    expect(await tell(simulator, 'GET', '/nothing')).toMatchObject({ status: 404, json: { error: expect.stringMatching(/GET \/__simulator lists them/) } });
    expect(await tell(simulator, 'GET', '/set')).toMatchObject({ status: 405, json: { error: 'only POST is allowed here' } });
    expect(await tell(simulator, 'POST', '/set', [])).toMatchObject({ status: 400, json: { error: expect.stringMatching(/the body must be a JSON object/) } });
    expect(await tell(simulator, 'POST', '/set', { ...waiting, valeu: 3 })).toMatchObject({ status: 400, json: { error: expect.stringMatching(/set has no "valeu"/) } });
    expect(await tell(simulator, 'POST', '/fault', { kind: 'rewrite' })).toMatchObject({ status: 400, json: { error: expect.stringMatching(/a kind without a function/) } });
    expect(await tell(simulator, 'POST', '/advance', { ms: 'soon' })).toMatchObject({ status: 400, json: { error: expect.stringMatching(/advance\(ms\) must be/) } });
    expect(await tell(simulator, 'GET', '/agents/nobody')).toMatchObject({ status: 400, json: { error: 'there is no agent "nobody"' } });
    expect(await tell(simulator, 'GET', '/ledger?requests=x')).toMatchObject({ status: 400 });
  });
});

describe('F214: who may ask', () => {
  it('nobody unless control is true: then it is a path like any other that is not there', async () => {
    const simulator = await start();
    expect((await tell(simulator, 'GET', '')).status).toBe(404);
    expect((await tell(simulator, 'POST', '/set', { ...waiting, value: 77 })).status).toBe(404);
    expect(numberOf((await peekAt(simulator, waiting.name, sales)).json.data.statistic)).not.toBe(77);
  });

  const ask = (simulator: Simulator, headers: Record<string, string>) =>
    new Promise<number>((resolve, reject) => {
      httpRequest({ port: simulator.port, host: '127.0.0.1', path: '/__simulator/ledger', headers }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      }).on('error', reject).end();
    });

  it('no page of another origin, and no name that another server resolves to this machine', async () => {
    const simulator = await controlled();
    expect(await ask(simulator, { origin: 'https://evil.example' })).toBe(403);
    expect(await ask(simulator, { origin: 'null' })).toBe(403);
    expect(await ask(simulator, { host: 'rebound.example:80' })).toBe(403);
    expect(await ask(simulator, { host: '127.0.0.1.example' })).toBe(403);
    expect(await ask(simulator, { origin: 'http://localhost:4200' })).toBe(200);
    expect(await ask(simulator, { host: `localhost:${simulator.port}` })).toBe(200);
  });

  it('a page of this machine gets the headers it needs', async () => {
    const simulator = await controlled();
    const { status, headers } = await tell(simulator, 'OPTIONS', '/set', undefined, { origin: 'http://localhost:4200', 'access-control-request-headers': 'content-type' });
    expect([status, headers.get('access-control-allow-origin')]).toEqual([204, 'http://localhost:4200']);
  });

  it('no other machine, although the server listens to all', async () => {
    const simulator = await controlled({ listen: false });
    const { createControl } = await import('../../src/simulator/control/control.js');
    const control = createControl(simulator);
    const from = (isLocal: boolean) => ({ method: 'GET', target: '/__simulator/ledger', headers: {}, isLocal, body: () => Promise.resolve({ text: '' }), isGone: false, onGone: () => undefined });
    expect(await control(from(false))).toMatchObject({ status: 403 });
    expect(await control(from(true))).toMatchObject({ status: 200 });
  });

  it('faults, latency and credentials of the API do not meet it', async () => {
    const simulator = await controlled({ apiKey: 'a-key-of-eight', token: 'a-token-of-ten' });
    simulator.fault({ kind: 'reset', times: Infinity });
    expect((await tell(simulator, 'GET', '/agents')).status).toBe(200);
    expect(simulator.ledger.count()).toBe(0);
  });
});
