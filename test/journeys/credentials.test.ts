/** G10 and G11: the token's life cycle, and credentials that are sent to no other origin. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { expect, it, describe, onTestFinished } from 'vitest';
import { StatisticsApiError } from '../../src/index.js';
import { canary } from '../support/canary.js';
import { answered, record, sales, startClient, startSimulator, support, until } from '../support/journey.js';

describe('G10: the token', () => {
  it('is asked before the first request and kept', async () => {
    const simulator = await startSimulator({ token: canary('token-1') });
    let asked = 0;
    const client = startClient(simulator.url, { token: () => canary(`token-${++asked}`), batch: { size: 1 } });
    const one = record(client.statistic$('Total_Answered', sales));
    const set = record(client.subscription$([{ name: 'Total_Answered', ...support }]));
    await until('both have a value', () => one.values.length === 1 && set.values.length === 1);
    await answered(simulator, 'read', 4);
    expect(asked).toBe(1);
    expect(simulator.ledger.requests.every(({ headers }) => headers['authorization'] === `Bearer ${canary('token-1')}`)).toBe(true);
  });

  it('F38: a 401 causes one new request for a token for all upstreams, and nothing is lost', async () => {
    const simulator = await startSimulator({ token: canary('token-1') });
    let asked = 0;
    const client = startClient(simulator.url, { token: async () => Promise.resolve(canary(`token-${++asked}`)), batch: { size: 1 } });
    const sets = ['Total_Answered', 'Total_Abandoned', 'Current_In_Queue', 'ServiceLevel'].map((name) => record(client.subscription$([{ name, ...sales }])));
    await until('all have a value', () => sets.every(({ values }) => values.length === 1));
    simulator.expireToken(canary('token-2'));
    await answered(simulator, 'read', 12);
    expect(asked).toBe(2);
    expect(simulator.ledger.count('open')).toBe(4);
    expect(sets.every(({ error }) => error === undefined)).toBe(true);
  });

  it('F40: a late 401 of the old token causes no request for a token', async () => {
    const simulator = await startSimulator({ token: canary('token-1') });
    let asked = 0;
    const client = startClient(simulator.url, { token: () => canary(`token-${++asked}`), batch: { size: 1 } });
    const one = record(client.statistic$('Total_Answered', sales));
    const set = record(client.subscription$([{ name: 'Total_Answered', ...support }]));
    await until('both have a value', () => one.values.length === 1 && set.values.length === 1);
    // One answer is so slow that the other upstream has renewed the token before it arrives.
    simulator.fault({ kind: 'status', operation: 'read', status: 401 });
    const late = simulator.ledger.requests.length;
    simulator.fault({ kind: 'delay', operation: 'read', ms: 100, after: 0 });
    simulator.expireToken(canary('token-2'));
    await answered(simulator, 'read', 6);
    expect(simulator.ledger.requests.length).toBeGreaterThan(late);
    expect(asked).toBe(2);
  });

  it('F39: if the function returns the same token, health is unauthorized and nothing is sent until it returns another; refresh() asks at once', async () => {
    const simulator = await startSimulator({ token: canary('token-2') });
    let current = canary('token-1');
    const client = startClient(simulator.url, { token: () => current, retry: { minTimeout: 10, maxTimeout: 600_000 } });
    const health = record(client.health$);
    const one = record(client.statistic$('Total_Answered', sales));
    await until('it is unauthorized', () => health.values.at(-1)?.status === 'unauthorized');
    expect(simulator.ledger.requests).toHaveLength(1);
    const peeked = record(client.peek$('Total_Answered', sales));
    await until('a peek is told so without a request', () => peeked.error !== undefined);
    expect(peeked.error).toBeInstanceOf(StatisticsApiError);
    client.refresh();
    current = canary('token-2');
    client.refresh();
    await until('a value', () => one.values.length === 1);
    expect(simulator.ledger.requests.map(({ status }) => status)).toEqual([401, 200]);
    await until('health is live', () => health.values.at(-1)?.status === 'live');
  });

  it('asks every retry.maxTimeout while unauthorized', async () => {
    const simulator = await startSimulator({ token: canary('token-9') });
    let asked = 0;
    const client = startClient(simulator.url, { token: () => (++asked < 4 ? canary('token-1') : canary('token-9')), retry: { minTimeout: 10, maxTimeout: 20 } });
    const one = record(client.statistic$('Total_Answered', sales));
    await until('a value', () => one.values.length === 1);
    expect(asked).toBe(4);
    expect(simulator.ledger.requests.map(({ status }) => status)).toEqual([401, 200]);
  });

  it('a new token that is refused too is a transient failure', async () => {
    const simulator = await startSimulator({ token: canary('token-4') });
    let asked = 0;
    const client = startClient(simulator.url, { token: () => canary(`token-${++asked}`) });
    const one = record(client.statistic$('Total_Answered', sales));
    await until('a value', () => one.values.length === 1);
    expect(one.error).toBeUndefined();
    expect(asked).toBe(4);
  });

  it('peek$ is attempted only once more with a renewed token', async () => {
    const simulator = await startSimulator({ token: canary('token-2') });
    let asked = 0;
    const client = startClient(simulator.url, { token: () => canary(`token-${++asked}`) });
    const peeked = record(client.peek$('Total_Answered', sales));
    await until('it completes', () => peeked.completed);
    expect(peeked.values).toHaveLength(1);
    simulator.expireToken(canary('token-9'));
    const refused = record(client.peek$('Total_Answered', sales));
    await until('it errors', () => refused.error !== undefined);
    expect(refused.error).toMatchObject({ httpStatus: 401 });
    expect(simulator.ledger.requests.map(({ status }) => status)).toEqual([401, 200, 401, 401]);
  });

  it('F94: a token function that throws or hangs is called again, and health$ reports it', async () => {
    const simulator = await startSimulator({ token: canary('token-1') });
    let asked = 0;
    const client = startClient(simulator.url, {
      request: { timeout: 50 },
      token: () => {
        asked++;
        if (asked === 1) {
          throw new Error('no session');
        }
        return asked === 2 ? new Promise<string>(() => undefined) : canary('token-1');
      },
    });
    const health = record(client.health$);
    const one = record(client.statistic$('Total_Answered', sales));
    await until('a value', () => one.values.length === 1);
    expect(health.values.some(({ lastError }) => lastError?.message.startsWith('token: the function failed') === true)).toBe(true);
    // Nothing was sent before there was a token. The number of polls since then does not matter.
    expect(simulator.ledger.requests.every(({ headers }) => headers['authorization'] === `Bearer ${canary('token-1')}`)).toBe(true);
  });
});

describe('G11: credentials are sent to no other origin', () => {
  it.each([301, 302, 303, 307, 308])('F96: a %i to another origin is not followed', async (status) => {
    const requests: string[] = [];
    const second = createServer((request, response) => {
      requests.push(request.url ?? '');
      response.end('{}');
    });
    await new Promise<void>((resolve) => second.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void second.close());
    const location = `http://127.0.0.1:${(second.address() as AddressInfo).port}/steal`;
    const simulator = await startSimulator();
    const client = startClient(simulator.url, { apiKey: canary('key'), token: canary('token') });
    simulator.fault({ kind: 'status', operation: 'open', status, headers: { location } });
    const one = record(client.statistic$('Total_Answered', sales));
    await until('a value', () => one.values.length === 1);
    simulator.fault({ kind: 'status', operation: 'peek', status, headers: { location } });
    const peeked = record(client.peek$('Total_Answered', sales));
    await until('the peek errors', () => peeked.error !== undefined);
    expect(requests).toEqual([]);
  });

  it('F97: no canary in any error, event, health or inspection, even when the server echoes it', async () => {
    const canaries = [canary('key'), canary('token'), canary('header')];
    const simulator = await startSimulator();
    const client = startClient(simulator.url, { apiKey: canary('key'), token: canary('token'), headers: { 'x-tenant': canary('header') } });
    const echo = JSON.stringify({ status: { code: 3, message: `refused ${canaries.join(' ')}`, detail: { canaries } } });
    const seen: unknown[] = [];
    client.events$.subscribe((event) => seen.push(event));
    client.health$.subscribe((health) => seen.push(health));
    simulator.fault({ kind: 'body', operation: 'open', status: 503, body: echo });
    simulator.fault({ kind: 'body', operation: 'open', status: 400, body: echo });
    const one = record(client.statistic$('Total_Answered', sales));
    await until('it errors', () => one.error !== undefined);
    simulator.fault({ kind: 'body', operation: 'peek', status: 500, body: canaries.join(' ') });
    const peeked = record(client.peek$('Total_Answered', sales));
    await until('the peek errors', () => peeked.error !== undefined);
    seen.push(one.error, peeked.error);
    const own = inspect(client, { depth: 20, showHidden: true });
    canaries.forEach((canary) => expect(own).not.toContain(canary));
    const shown = seen.map((each) => `${inspect(each, { depth: 20, showHidden: true })} ${JSON.stringify(each)} ${each instanceof Error ? String(each.stack) : ''}`).join('\n');
    expect(shown).toContain('refused');
    canaries.forEach((canary) => expect(shown).not.toContain(canary));
  });

  it('F52: cookies of the server are sent back to it, also rotated ones', async () => {
    const simulator = await startSimulator();
    const client = startClient(simulator.url);
    const one = record(client.statistic$('Total_Answered', sales));
    await until('a value', () => one.values.length === 1);
    await answered(simulator, 'read', 1);
    const [open, read] = simulator.ledger.requests;
    expect(open?.headers['cookie']).toBeUndefined();
    expect(read?.headers['cookie']).toMatch(/^STATISTICS_SESSIONID=/);
  });
});
