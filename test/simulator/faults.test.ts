/** Scripted faults: each shows on the wire as it says, takes the requests it is for, and can be undone. */
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { FaultScript } from '../../src/simulator/index.js';
import { ask, closeAt, numberOf, openAt, peekAt, readAt, sales, start, type Json } from './support.js';

const answered = { statisticId: 's', name: 'Total_Answered', ...sales };

/** Resolves once `condition` holds; the test's own time limit is the end of patience. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

describe('kinds', () => {
  it('status: an envelope that says so, unprocessed', async () => {
    const simulator = await start();
    simulator.fault({ kind: 'status', status: 503, headers: { 'Retry-After': '7' } });
    const reply = await openAt(simulator, 'x', answered);
    expect(reply).toMatchObject({ status: 503, headers: { 'retry-after': '7' }, json: { status: { code: 503 }, path: '/statistics/v3/subscriptions' } });
    expect(simulator.ledger.opened).toEqual([]);
    expect((await openAt(simulator, 'x', answered)).status).toBe(200);
  });

  it('status: with a body of any kind, or of none', async () => {
    const simulator = await start();
    simulator.fault({ kind: 'status', status: 502, body: '<html>', headers: { 'content-type': 'text/html' } });
    expect(await closeAt(simulator, 'x')).toMatchObject({ status: 502, text: '<html>', headers: { 'content-type': 'text/html' } });
    simulator.fault({ kind: 'status', status: 500, body: { status: 500, error: 'Internal' } });
    expect(await closeAt(simulator, 'x')).toMatchObject({ status: 500, json: { status: 500, error: 'Internal' } });
    simulator.fault({ kind: 'status', status: 204 });
    expect(await closeAt(simulator, 'x')).toMatchObject({ status: 204, text: '' });
  });

  it('body: text and bytes as they are, anything else as JSON', async () => {
    const simulator = await start();
    simulator.fault({ kind: 'body', body: '{"status":' });
    expect(await closeAt(simulator, 'x')).toMatchObject({ status: 200, text: '{"status":' });
    simulator.fault({ kind: 'body', status: 201, body: { status: { code: 7 } } });
    expect(await closeAt(simulator, 'x')).toMatchObject({ status: 201, json: { status: { code: 7 } } });
    simulator.fault({ kind: 'body', body: new Uint8Array([0x41, 0x42]) });
    expect((await closeAt(simulator, 'x')).text).toBe('AB');
    simulator.fault({ kind: 'body', body: undefined });
    expect((await closeAt(simulator, 'x')).text).toBe('');
  });

  it('rewrite: the processed answer, changed', async () => {
    const simulator = await start();
    simulator.fault({ kind: 'rewrite', operation: 'open', rewrite: (body: Json) => ({ ...body, data: { ...body.data, statistics: [] } }) });
    expect((await openAt(simulator, 'x', answered)).json.data).toEqual({ subscriptionId: 'x', operationId: 'x', statistics: [] });
    expect(simulator.ledger.open).toEqual(['x']);
  });

  it('delay: the answer comes later, the processing too', async () => {
    const simulator = await start();
    simulator.fault({ kind: 'delay', ms: 50 });
    const begun = performance.now();
    const reply = openAt(simulator, 'x', answered);
    await until(() => simulator.ledger.count('open') === 1);
    expect(simulator.ledger.opened).toEqual([]);
    expect((await reply).status).toBe(200);
    expect(performance.now() - begun).toBeGreaterThanOrEqual(49);
    const [request] = simulator.ledger.requests;
    expect(request?.answeredAt).toBeGreaterThanOrEqual((request?.at ?? Infinity) + 48);
  });

  it('hang: no answer; undoing it processes who still waits, and nobody else', async () => {
    const simulator = await start();
    const undo = simulator.fault({ kind: 'hang', operation: 'open', times: 2 });
    const waits = openAt(simulator, 'waits', answered);
    const body = JSON.stringify({ operationId: 'left', data: { statistics: [answered] } });
    const left = connect(simulator.port, '127.0.0.1');
    left.write(`POST /statistics/v3/subscriptions HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
    await until(() => simulator.ledger.requests.filter((request) => request.body !== undefined).length === 2);
    expect((await peekAt(simulator, 'Total_Answered', sales)).status).toBe(200);
    const { sockets } = simulator.ledger;
    left.destroy();
    await until(() => simulator.ledger.sockets < sockets);
    undo();
    expect((await waits).status).toBe(200);
    expect((await openAt(simulator, 'next', answered)).status).toBe(200);
    expect(simulator.ledger.opened).toEqual(['waits', 'next']);
    expect(simulator.ledger.requests.map(({ status }) => status)).toEqual(expect.arrayContaining([200, undefined]));
  });

  it('reset: the connection breaks, nothing was processed', async () => {
    const simulator = await start();
    simulator.fault({ kind: 'reset' });
    await expect(openAt(simulator, 'x', answered)).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(simulator.ledger.opened).toEqual([]);
    expect(simulator.ledger.requests[0]).not.toHaveProperty('status');
  });

  it('resetAfter: the connection breaks, yet it was processed', async () => {
    const simulator = await start();
    simulator.fault({ kind: 'resetAfter', times: 2 });
    await expect(openAt(simulator, 'x', answered)).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(simulator.ledger).toMatchObject({ opened: ['x'], open: ['x'] });
    expect(simulator.ledger.requests[0]).toMatchObject({ subscriptionId: 'x' });
    expect(simulator.ledger.requests[0]).not.toHaveProperty('status');
    await expect(closeAt(simulator, 'x')).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(simulator.ledger).toMatchObject({ deleted: ['x'], open: [] });
  });

  it('truncate: half a body under the full length', async () => {
    const simulator = await start();
    const whole = await peekAt(simulator, 'Total_Answered', sales);
    simulator.fault({ kind: 'truncate' });
    const response = await fetch(`${simulator.url}/statistic-values/Total_Answered?${new URLSearchParams(sales).toString()}`);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-length')).toBe(String(whole.text.length));
    const seen: Uint8Array[] = [];
    await expect((async () => {
      for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) seen.push(chunk);
    })()).rejects.toThrow();
    expect(Buffer.concat(seen).toString()).toBe(whole.text.slice(0, Math.floor(whole.text.length / 2)));
    simulator.fault({ kind: 'truncate' });
    await expect(peekAt(simulator, 'Total_Answered', sales)).rejects.toThrow();
  });

  it('forget: the subscription has gone when it is asked for', async () => {
    const simulator = await start();
    await openAt(simulator, 'x', answered);
    simulator.fault({ kind: 'forget', operation: 'read' });
    expect((await readAt(simulator, 'x')).status).toBe(404);
    expect(simulator.ledger).toMatchObject({ open: [], deleted: [] });
    simulator.fault({ kind: 'forget' });
    expect((await peekAt(simulator, 'Total_Answered', sales)).status).toBe(200);
  });

  it('expireToken: this request is the first to be refused', async () => {
    const simulator = await start({ token: 'one' });
    const status = async (token: string) => (await ask(simulator, '/subscriptions/x', { method: 'DELETE', headers: { authorization: `Bearer ${token}` } })).status;
    simulator.fault({ kind: 'expireToken', newToken: 'two', after: 1 });
    expect([await status('one'), await status('one'), await status('one'), await status('two')]).toEqual([200, 401, 401, 200]);
  });
});

describe('selection', () => {
  const statuses = async (count: number, once: () => Promise<{ status: number }>) => {
    const seen: number[] = [];
    for (let n = 0; n < count; n++) seen.push((await once()).status);
    return seen;
  };

  it('by operation, one or several', async () => {
    const simulator = await start();
    simulator.fault({ kind: 'status', status: 500, operation: ['close', 'peekAll'], times: Infinity });
    expect((await openAt(simulator, 'x', answered)).status).toBe(200);
    expect((await readAt(simulator, 'x')).status).toBe(200);
    expect((await closeAt(simulator, 'x')).status).toBe(500);
    expect((await ask(simulator, '/operations/get-statistic-ex', { method: 'POST', body: {} })).status).toBe(500);
    expect((await peekAt(simulator, 'Total_Answered', sales)).status).toBe(200);
    expect((await ask(simulator, '/x', { method: 'OPTIONS' })).status).toBe(204);
    expect(simulator.ledger.requests.map(({ operation }) => operation)).toEqual(['open', 'read', 'close', 'peekAll', 'peek', 'options']);
  });

  it('by number: lets some pass, then takes as many as it should', async () => {
    const simulator = await start();
    simulator.fault({ kind: 'status', status: 500, after: 1, times: 2 });
    expect(await statuses(5, () => closeAt(simulator, 'x'))).toEqual([200, 500, 500, 200, 200]);
  });

  it('by a condition on the request', async () => {
    const simulator = await start();
    simulator.fault({ kind: 'status', status: 500, times: Infinity, match: ({ body }) => body?.includes('Support@SIP') === true });
    expect((await openAt(simulator, 'x', answered)).status).toBe(200);
    expect((await openAt(simulator, 'y', answered, { ...answered, statisticId: 't', objectId: 'Support@SIP' })).status).toBe(500);
  });

  it('a condition that throws is reported, and harms nothing else', async () => {
    const simulator = await start();
    const undo = simulator.fault({ kind: 'reset', match: () => { throw new Error('oops'); } });
    expect(await closeAt(simulator, 'x')).toMatchObject({ status: 500, json: { status: { message: 'the simulator failed: Error: oops' } } });
    undo();
    expect((await closeAt(simulator, 'x')).status).toBe(200);
  });

  it('in the order they were added, one per request', async () => {
    const simulator = await start();
    simulator.fault({ kind: 'status', status: 500 });
    const undo = simulator.fault({ kind: 'status', status: 503, times: Infinity });
    expect(await statuses(3, () => closeAt(simulator, 'x'))).toEqual([500, 503, 503]);
    undo();
    undo();
    expect(await statuses(1, () => closeAt(simulator, 'x'))).toEqual([200]);
  });

  it.each<[string, unknown, RegExp]>([
    ['kind', { kind: 'explode' }, /fault.kind must be one of status, .*got "explode"/],
    ['operation', { kind: 'reset', operation: 'write' }, /fault.operation must be one of open, .*got "write"/],
    ['times', { kind: 'reset', times: 0 }, /fault.times must be a whole number from 1, or Infinity, got 0/],
    ['after', { kind: 'reset', after: -1 }, /fault.after must be a whole number from 0, got -1/],
    ['ms', { kind: 'delay', ms: NaN }, /fault.ms must be a number from 0 to 2147483647, got NaN/],
    ['no ms', { kind: 'delay' }, /fault.ms must be/],
    ['status', { kind: 'status', status: 42 }, /fault.status must be a whole number from 200 to 599, got 42/],
    ['no status', { kind: 'status' }, /fault.status must be/],
    ['rewrite', { kind: 'rewrite' }, /fault.rewrite must be a function/],
  ])('a malformed script throws, naming %s', async (_, script, expected) => {
    const simulator = await start();
    expect(() => simulator.fault(script as FaultScript)).toThrow(expected);
    expect((await closeAt(simulator, 'x')).status).toBe(200);
  });
});

describe('forget()', () => {
  it('one or all: they read as never opened, and nobody deleted them', async () => {
    const simulator = await start();
    for (const id of ['a', 'b', 'c']) await openAt(simulator, id, answered);
    simulator.forget('b');
    expect(simulator.ledger.open).toEqual(['a', 'c']);
    expect([(await readAt(simulator, 'b')).status, (await readAt(simulator, 'c')).status]).toEqual([404, 200]);
    simulator.forget();
    expect(simulator.ledger).toMatchObject({ open: [], opened: ['a', 'b', 'c'], deleted: [] });
    expect((await openAt(simulator, 'a', answered)).status).toBe(200);
    expect(numberOf((await readAt(simulator, 'a')).json.data.statistics[0])).toBeGreaterThan(0);
  });
});

describe('faults by chance and by time', () => {
  const failures = async (simulator: Awaited<ReturnType<typeof start>>, count: number) => {
    let failed = 0;
    for (let n = 0; n < count; n++) failed += (await closeAt(simulator, 'x')).status === 500 ? 1 : 0;
    return failed;
  };

  it('probability: about so many, the same ones for the same seed, without end', async () => {
    const seen: number[][] = [];
    for (const seed of [3, 3, 4]) {
      const simulator = await start({ seed });
      simulator.fault({ kind: 'status', status: 500, probability: 0.3 });
      seen.push([await failures(simulator, 20), await failures(simulator, 20), await failures(simulator, 60)]);
    }
    expect(seen[0]).toEqual(seen[1]);
    expect(seen[0]).not.toEqual(seen[2]);
    for (const one of seen) expect(one.reduce((total, each) => total + each, 0)).toBeGreaterThan(15);
    for (const one of seen) expect(one.reduce((total, each) => total + each, 0)).toBeLessThan(45);
  });

  it('probability with times: so many, whenever they come', async () => {
    const simulator = await start();
    simulator.fault({ kind: 'status', status: 500, probability: 0.5, times: 3 });
    expect(await failures(simulator, 60)).toBe(3);
  });

  it('lasts: every request until simulated time has passed', async () => {
    const simulator = await start();
    simulator.fault({ kind: 'status', status: 500, lasts: 20_000 });
    expect(await failures(simulator, 5)).toBe(5);
    simulator.advance(19_999);
    expect(await failures(simulator, 2)).toBe(2);
    simulator.advance(1);
    expect(await failures(simulator, 2)).toBe(0);
  });

  it('clearFaults() undoes all, and processes what hangs, also by a fault that is spent', async () => {
    const simulator = await start();
    simulator.fault({ kind: 'hang', operation: 'open' });
    simulator.fault({ kind: 'status', status: 500, operation: 'close', times: Infinity });
    const waits = openAt(simulator, 'waits', answered);
    await until(() => simulator.ledger.count('open') === 1 && simulator.ledger.requests[0]?.body !== undefined);
    expect(await failures(simulator, 1)).toBe(1);
    simulator.clearFaults();
    expect((await waits).status).toBe(200);
    expect(await failures(simulator, 1)).toBe(0);
  });

  it.each<[unknown, RegExp]>([
    [{ kind: 'reset', probability: 0 }, /fault.probability must be a number above 0, at most 1, got 0/],
    [{ kind: 'reset', lasts: -1 }, /fault.lasts must be a number from 1 to /],
    [{ kind: 'reset', match: 'x' }, /fault.match must be a function, got "x"/],
    [{ kind: 'reset', time: 3 }, /fault \(reset\) has no "time", only kind, operation, /],
    [{ kind: 'hang', ms: 3 }, /fault \(hang\) has no "ms", only kind/],
    [null, /fault must be an object with kind, got null/],
  ])('%j throws', async (script, message) => {
    const simulator = await start();
    expect(() => simulator.fault(script as FaultScript)).toThrow(message);
  });
});
