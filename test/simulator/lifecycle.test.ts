/** Starting, the clock, the ledger, and an end that leaves nothing. */
import { Agent, get } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createSimulator } from '../../src/simulator/index.js';
import { AFTERNOON, ask, closeAt, openAt, peekAt, readAt, sales, start } from './support.js';

const answered = { statisticId: 's', name: 'Total_Answered', ...sales };

describe('options', () => {
  it.each<[string, unknown, RegExp]>([
    ['port', 70_000, /^port must be a whole number from 0 to 65535, got 70000$/],
    ['host', '', /^host must be a non-empty string, got an empty one$/],
    ['seed', 1.5, /^seed must be a whole number from 0 to \d+, got 1.5$/],
    ['clock', 'sundial', /^clock must be 'real' or 'manual', got "sundial"$/],
    ['speed', 0, /^speed must be a number above 0, at most 10000, got 0$/],
    ['startAt', NaN, /^startAt must be a Date or epoch milliseconds, 10\^11 or more, got NaN$/],
    ['startAt', 1_795_453_483, /^startAt must be .*, got 1795453483, which looks like seconds: multiply it by 1000$/],
    ['startAt', new Date(NaN), /^startAt must be .*, got "an invalid Date"$/],
    ['startAt', '2026-05-04', /^startAt must be .*, got "2026-05-04"$/],
    ['listen', 0, /^listen must be true or false, got 0$/],
    ['sede', 7, /^createSimulator has no "sede", only listen, port, /],
    ['maxStatistics', 0, /^maxStatistics must be a whole number from 1 to \d+, got 0$/],
    ['partial', 'yes', /^partial must be true or false, got "yes"$/],
    ['agents', -1, /^agents must be a whole number from 0 to 100000, got -1$/],
    ['queues', '3', /^queues must be a whole number from 0 to 100000, got "3"$/],
    ['latency', Infinity, /^latency must be a number from 0 to 2147483647, got Infinity$/],
    ['apiKey', 4711, /^apiKey must be a non-empty string, got number$/],
    ['token', '', /^token must be a non-empty string, got an empty one$/],
  ])('%s out of bounds is refused', async (name, value, message) => {
    await expect(createSimulator({ [name]: value })).rejects.toThrow(RangeError);
    await expect(createSimulator({ [name]: value })).rejects.toThrow(message);
  });

  it('an explicit undefined is the default', async () => {
    const simulator = await start({ port: undefined, host: undefined, seed: undefined, apiKey: undefined, agents: undefined, maxStatistics: undefined });
    expect(simulator.url).toBe(`http://127.0.0.1:${simulator.port}/statistics/v3`);
    expect((await closeAt(simulator, 'x')).status).toBe(200);
  });

  it('rejects with the error of the system if the port is taken', async () => {
    const { port } = await start();
    await expect(createSimulator({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  it('latency is waited before anything is looked at', async () => {
    const simulator = await start({ latency: 30 });
    const begun = performance.now();
    await closeAt(simulator, 'x');
    expect(performance.now() - begun).toBeGreaterThanOrEqual(29);
  });

  it('makes agents and queues on top', async () => {
    const simulator = await start({ agents: 25, queues: 4 });
    expect(simulator.centre.agents()).toHaveLength(43);
    expect(simulator.centre.queues()).toHaveLength(7);
    expect((await peekAt(simulator, 'InboundCalls', { objectId: 'agent0025', objectType: 'Agent' })).status).toBe(200);
    expect((await peekAt(simulator, 'ServiceLevel', { objectId: 'Queue0004@SIP', objectType: 'Queue' })).status).toBe(200);
  });
});

describe('the clock', () => {
  it('by hand: only advance() moves it', async () => {
    const simulator = await start();
    const before = simulator.centre.snapshot();
    expect(simulator.centre.now()).toBe(AFTERNOON);
    expect(before.at).toBe(Math.floor(AFTERNOON / 1000) * 1000);
    expect(simulator.centre.snapshot()).toEqual(before);
    simulator.advance(60_000);
    expect(simulator.centre.now()).toBe(AFTERNOON + 60_000);
    expect(simulator.centre.snapshot()).not.toEqual(before);
    for (const ms of [-1, NaN, Infinity]) expect(() => simulator.advance(ms)).toThrow(/advance\(ms\) must be a number of milliseconds, 0 or more/);
  });

  it('real: it passes by itself, as fast as asked', async () => {
    const simulator = await start({ clock: 'real', speed: 10_000 });
    const first = simulator.centre.now();
    while (simulator.centre.now() < first + 60_000) await new Promise((resolve) => setImmediate(resolve));
    expect(simulator.centre.snapshot().at).toBeGreaterThanOrEqual(Math.floor(first / 1000) * 1000 + 60_000);
    const before = simulator.centre.now();
    simulator.advance(3_600_000);
    expect(simulator.centre.now()).toBeGreaterThanOrEqual(before + 3_600_000);
  });

  it('the same seed and start give the same answers', async () => {
    const [one, other] = await Promise.all([start({ seed: 5 }), start({ seed: 5 })]);
    other.advance(1000);
    one.advance(500);
    one.advance(500);
    expect(one.centre.snapshot()).toEqual(other.centre.snapshot());
    const texts = await Promise.all([one, other].map(async (simulator) => (await openAt(simulator, 'x', answered)).text));
    expect(texts[0]).toBe(texts[1]);
  });
});

describe('the ledger', () => {
  it('tells each request as it came, and how it was answered', async () => {
    const simulator = await start();
    await ask(simulator, '/subscriptions?verbose=OFF', {
      method: 'POST', body: { operationId: 'a b', data: { statistics: [answered] } }, headers: { 'X-Thing': 'one' },
    });
    await readAt(simulator, 'a b', '?statisticIds=s');
    await closeAt(simulator, 'a b');
    await ask(simulator, '/nothing', { method: 'PATCH' });
    const { ledger } = simulator;
    expect(ledger.requests).toMatchObject([
      {
        operation: 'open', method: 'POST', path: '/statistics/v3/subscriptions', query: 'verbose=OFF', status: 200, subscriptionId: 'a b',
        headers: { 'x-thing': 'one' }, body: JSON.stringify({ operationId: 'a b', data: { statistics: [answered] } }),
      },
      { operation: 'read', method: 'GET', path: '/statistics/v3/subscriptions/a%20b/statistic-values', query: 'statisticIds=s', status: 200, subscriptionId: 'a b' },
      { operation: 'close', method: 'DELETE', query: '', status: 200, subscriptionId: 'a b' },
      { operation: 'other', method: 'PATCH', status: 404 },
    ]);
    expect(ledger.requests[1]).not.toHaveProperty('body');
    ledger.requests.forEach(({ at, answeredAt }) => expect(answeredAt).toBeGreaterThanOrEqual(at));
    expect([ledger.count('open'), ledger.count('read'), ledger.count('peek'), ledger.count()]).toEqual([1, 1, 0, 4]);
  });

  it('holds what was never answered: a client that leaves in the middle of its body', async () => {
    const simulator = await start();
    const socket = connect(simulator.port, '127.0.0.1');
    socket.write('POST /statistics/v3/subscriptions HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"half');
    while (simulator.ledger.count('open') === 0) await new Promise((resolve) => setImmediate(resolve));
    socket.destroy();
    while (simulator.ledger.sockets > 0) await new Promise((resolve) => setImmediate(resolve));
    expect((await closeAt(simulator, 'x')).status).toBe(200);
    expect(simulator.ledger.requests[0]).not.toHaveProperty('status');
    expect(simulator.ledger.requests[0]).not.toHaveProperty('body');
  });

  it('clear() forgets the past, not what lives', async () => {
    const simulator = await start();
    await openAt(simulator, 'x', answered);
    simulator.ledger.clear();
    expect(simulator.ledger).toMatchObject({ opened: [], deleted: [], requests: [], open: ['x'] });
    expect(simulator.ledger.count()).toBe(0);
  });

  it('counts connections', async () => {
    const simulator = await start();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const once = () => new Promise<void>((resolve) => get(`${simulator.url}/x`, { agent }, (response) => response.resume().on('end', resolve)));
    await once();
    await once();
    expect(simulator.ledger).toMatchObject({ sockets: 1, connections: 1 });
    agent.destroy();
    while (simulator.ledger.sockets > 0) await new Promise((resolve) => setImmediate(resolve));
    expect(simulator.ledger.connections).toBe(1);
  });
});

describe('close()', () => {
  it('leaves nothing: no socket, no timer, no port, whatever is under way', async () => {
    const handles = () => process.getActiveResourcesInfo().filter((name) => /TCP|Timeout/.test(name)).length;
    const before = handles();
    const simulator = await createSimulator({ clock: 'manual' });
    simulator.fault({ kind: 'hang', operation: 'open' });
    simulator.fault({ kind: 'delay', ms: 600_000, operation: 'close' });
    const idle = connect(simulator.port, '127.0.0.1');
    const ended = [
      openAt(simulator, 'x', answered), closeAt(simulator, 'x'), new Promise((_, reject) => idle.on('close', () => reject(new Error('closed')))),
    ].map((one) => one.then(() => 'answered', () => 'broken'));
    while (simulator.ledger.count() < 2 || simulator.ledger.sockets < 3) await new Promise((resolve) => setImmediate(resolve));
    await simulator.close();
    expect(await Promise.all(ended)).toEqual(['broken', 'broken', 'broken']);
    expect(simulator.ledger.sockets).toBe(0);
    while (handles() > before) await new Promise((resolve) => setImmediate(resolve));
    await expect(closeAt(simulator, 'x')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('is idempotent, also while closing, and by `await using`', async () => {
    let port = 0;
    {
      await using simulator = await createSimulator({ clock: 'manual' });
      port = simulator.port;
      await Promise.all([simulator.close(), simulator.close()]);
      await simulator.close();
    }
    await using again = await createSimulator({ clock: 'manual', port });
    expect((await closeAt(again, 'x')).status).toBe(200);
  });
});

describe('heads and addresses', () => {
  const exchange = (port: number, text: string): Promise<string> =>
    new Promise((resolve, reject) => {
      let reply = '';
      const socket = connect(port, '127.0.0.1').on('data', (chunk: Buffer) => (reply += chunk.toString()));
      socket.on('error', reject).on('end', () => resolve(reply));
      socket.write(text);
    });

  it.each([
    ['F211: a head that is too large', `GET /statistics/v3/x HTTP/1.1\r\nHost: x\r\nX-Large: ${'x'.repeat(20_000)}\r\n\r\n`, 431, /too large/],
    ['F211: a head that is no HTTP', 'HELLO\r\n\r\n', 400, /malformed/],
  ])('%s gets an envelope', async (_, text, status, message) => {
    const simulator = await start();
    const [head = '', body = ''] = (await exchange(simulator.port, text)).split('\r\n\r\n');
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(head).toContain(`Content-Length: ${body.length}`);
    expect(JSON.parse(body)).toMatchObject({ status: { code: status, message: expect.stringMatching(message) } });
    expect((await closeAt(simulator, 'x')).status).toBe(200);
  });

  it.each([['0.0.0.0', '127.0.0.1'], ['127.0.0.1', '127.0.0.1'], ['localhost', 'localhost']])('on %s, the URL leads to %s', async (host, reachable) => {
    const simulator = await start({ host });
    expect(simulator.url).toBe(`http://${reachable}:${simulator.port}/statistics/v3`);
    expect((await fetch(`${simulator.url}/nothing`)).status).toBe(404);
  });

  it('startAt as a Date is the same as its milliseconds', async () => {
    const simulator = await start({ startAt: new Date(AFTERNOON) });
    expect(simulator.centre.now()).toBe(AFTERNOON);
  });
});
