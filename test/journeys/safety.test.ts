/** G12: observers that misbehave, callers that modify their arguments, keys like __proto__; and peeks. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it, describe } from 'vitest';
import type { Subscription } from 'rxjs';
import { numeric, StatisticRejectedError, type StatisticsClient } from '../../src/index.js';
import { canary } from '../support/canary.js';
import { allDeleted, numberValue, record, sales, startClient, startSimulator, support, until } from '../support/journey.js';

const inQueue = { name: 'Current_In_Queue', ...sales };

describe('G12: observers and callers do not harm others', () => {
  it('F84, I21: an observer that throws harms no other, and is reported to the host once', async () => {
    const simulator = await startSimulator();
    const program = `
      import { createStatisticsClient, numeric } from 'genesys-statistics-rx';
      const thrown = [];
      process.on('uncaughtException', ({ message }) => thrown.push(message));
      const client = createStatisticsClient({ baseUrl: '${simulator.url}', sharing: { linger: 0 }, poll: { interval: 20 } });
      const queue = { objectId: 'Sales@SIP', objectType: 'Queue' };
      const values = [];
      client.statistic$('Total_Answered', queue).subscribe(() => { throw new Error('mine'); });
      client.statistic$('Total_Answered', queue).subscribe((value) => {
        values.push(value);
        client.events$.subscribe(({ type }) => type === 'polled' && client.close().then(() => console.log(JSON.stringify({ thrown, values: values.length }))));
      });
    `;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', program], { cwd: new URL('../..', import.meta.url) });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    await once(child, 'close');
    expect(JSON.parse(output)).toEqual({ thrown: ['mine'], values: 1 });
    expect(simulator.ledger.deleted).toEqual(simulator.ledger.opened);
  });

  it('F85: subscribe and unsubscribe inside next lose and repeat no value', async () => {
    const simulator = await startSimulator();
    const client = startClient(simulator.url);
    simulator.set(inQueue, numberValue(1));
    const inner: number[][] = [];
    const innerSubscriptions: Subscription[] = [];
    const outer: (number | null)[] = [];
    const queue$ = client.statistic$('Current_In_Queue', sales).pipe(numeric());
    const subscription = queue$.subscribe((value) => {
      outer.push(value);
      const values: number[] = [];
      inner.push(values);
      innerSubscriptions.push(queue$.subscribe((each) => values.push(each ?? -1)));
      if (outer.length === 2) {
        subscription.unsubscribe();
      }
    });
    await until('a value', () => outer.length === 1);
    simulator.set(inQueue, numberValue(2));
    await until('another', () => outer.length === 2);
    simulator.set(inQueue, numberValue(3));
    await until('a third', () => inner.every((values) => values.includes(3)));
    expect(outer).toEqual([1, 2]);
    expect(inner).toEqual([[1, 2, 3], [2, 3]]);
    innerSubscriptions.forEach((each) => each.unsubscribe());
    await allDeleted(simulator);
  });

  it('F90: arguments are read when the function is called, and emitted values cannot be changed', async () => {
    const simulator = await startSimulator();
    const client = startClient(simulator.url);
    const object = { ...sales } as { objectId: string; objectType: string };
    const definitions = { a: { name: 'Total_Answered', ...sales } as { name: string; objectId: string; objectType: string } };
    const one$ = client.statistic$('Total_Answered', object);
    const set$ = client.subscription$(definitions);
    object.objectId = 'Support@SIP';
    definitions.a.name = 'NoSuchStatistic';
    const one = record(one$);
    const set = record(set$);
    await until('both have a value', () => one.values.length === 1 && set.values.length === 1);
    expect(one.values[0]?.objectId).toBe('Sales@SIP');
    expect(() => Object.assign(one.values[0] ?? {}, { value: 1 })).toThrow(TypeError);
    expect(() => Object.assign(set.values[0] ?? {}, { a: 1 })).toThrow(TypeError);
  });

  it('F63: __proto__ as a key of a set or of a value stays a key', async () => {
    const simulator = await startSimulator();
    const client = startClient(simulator.url);
    const definitions = JSON.parse('{"__proto__":{"name":"Total_Answered","objectId":"Sales@SIP","objectType":"Queue"},"constructor":{"name":"Total_Abandoned","objectId":"Sales@SIP","objectType":"Queue"}}') as Record<string, { name: string; objectId: string; objectType: string }>;
    simulator.set({ name: 'Total_Answered', ...sales }, JSON.parse('{"__proto__":{"polluted":true},"intValue":1}'));
    const set = record(client.subscription$(definitions));
    await until('a snapshot', () => set.values.length === 1);
    expect(Object.keys(set.values[0] ?? {})).toEqual(['__proto__', 'constructor']);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it('F91: two clients are independent', async () => {
    const simulator = await startSimulator();
    const clients = [startClient(simulator.url), startClient(simulator.url)] as const;
    const values = clients.map((client: StatisticsClient) => record(client.statistic$('Total_Answered', sales)));
    await until('both have a value', () => values.every((each) => each.values.length === 1));
    await clients[0].close();
    expect(values.map(({ completed }) => completed)).toEqual([true, false]);
    expect(simulator.ledger.deleted).toHaveLength(1);
    expect(simulator.ledger.opened).toHaveLength(2);
  });

  it('the functions of a client do not use this', async () => {
    const simulator = await startSimulator();
    const { statistic$, subscription$, peek$ } = startClient(simulator.url);
    const all = [record(statistic$('Total_Answered', sales)), record(subscription$([inQueue])), record(peek$('Total_Answered', sales))];
    await until('all have a value', () => all.every(({ values }) => values.length === 1));
  });
});

describe('peeks', () => {
  it('peek$ gives one value and completes, by GET, with the id of the object encoded', async () => {
    const simulator = await startSimulator();
    const client = startClient(simulator.url);
    simulator.set(inQueue, numberValue(4));
    const peeked = record(client.peek$('Current_In_Queue', sales).pipe(numeric()));
    await until('it completes', () => peeked.completed);
    expect(peeked.values).toEqual([4]);
    expect(simulator.ledger.requests).toMatchObject([{ method: 'GET', operation: 'peek' }]);
    expect(simulator.ledger.opened).toEqual([]);
  });

  it('peek$ of an unknown statistic errors with the 404', async () => {
    const simulator = await startSimulator();
    const peeked = record(startClient(simulator.url).peek$('NoSuchStatistic', sales));
    await until('it errors', () => peeked.error !== undefined);
    expect(peeked.error).toMatchObject({ name: 'StatisticsApiError', httpStatus: 404 });
    expect(simulator.ledger.requests).toHaveLength(1);
  });

  it('unsubscribing aborts a peek', async () => {
    const simulator = await startSimulator();
    simulator.fault({ kind: 'hang', operation: 'peek' });
    const peeked = record(startClient(simulator.url).peek$('Total_Answered', sales));
    await until('it is on its way', () => simulator.ledger.count('peek') === 1);
    peeked.unsubscribe();
    await until('its socket is closed', () => simulator.ledger.sockets === 0);
  });

  it('peekAll$ matches by name and object, in any order of the answer', async () => {
    const simulator = await startSimulator();
    const client = startClient(simulator.url);
    const body = {
      status: { code: 0 },
      data: { statistics: [{ name: 'Total_Answered', ...support, value: 2 }, { name: 'Total_Answered', ...sales, value: 1 }] },
    };
    simulator.fault({ kind: 'body', operation: 'peekAll', body: JSON.stringify(body) });
    const peeked = record(client.peekAll$({ sales: { name: 'Total_Answered', ...sales }, support: { name: 'Total_Answered', ...support } }));
    await until('it completes', () => peeked.completed);
    expect(peeked.values).toMatchObject([{ sales: { value: 1, objectId: 'Sales@SIP' }, support: { value: 2, objectId: 'Support@SIP' } }]);
  });

  it('peekAll$ names the statistics that the answer lacks', async () => {
    const simulator = await startSimulator();
    const client = startClient(simulator.url);
    simulator.fault({ kind: 'body', operation: 'peekAll', body: '{"status":{"code":0},"data":{"statistics":[]}}' });
    const peeked = record(client.peekAll$([{ name: 'Total_Answered', ...sales }]));
    await until('it errors', () => peeked.error !== undefined);
    expect(peeked.error).toBeInstanceOf(StatisticRejectedError);
  });
});

describe('health$', () => {
  it('emits the present health at once, then each change, from idle to closed', async () => {
    const simulator = await startSimulator();
    const client = startClient(simulator.url);
    const health = record(client.health$);
    expect(health.values).toEqual([{ status: 'idle', upstreams: 0, statistics: 0, observers: 0 }]);
    const one = record(client.statistic$('Total_Answered', sales));
    await until('it is live', () => health.values.at(-1)?.status === 'live');
    one.unsubscribe();
    await until('it is idle again', () => health.values.at(-1)?.status === 'idle');
    await client.close();
    expect(health.values.map(({ status, observers }) => [status, observers])).toEqual([
      ['idle', 0],
      ['connecting', 1],
      ['connecting', 1],
      ['live', 1],
      ['live', 0],
      ['idle', 0],
      ['closed', 0],
    ]);
    expect(health.completed).toBe(true);
  });

  it('is unauthorized or degraded with a wrong key, with one clear line and no hot loop', async () => {
    const simulator = await startSimulator();
    simulator.fault({ kind: 'status', status: 401, times: Infinity });
    const client = startClient(simulator.url, { apiKey: canary('wrong-key'), retry: { minTimeout: 50, maxTimeout: 50 } });
    const health = record(client.health$);
    record(client.statistic$('Total_Answered', sales));
    await until('it is unauthorized', () => health.values.at(-1)?.status === 'unauthorized');
    const { lastError } = health.values.at(-1) ?? {};
    expect(lastError?.message).toMatch(/^POST \/subscriptions answered 401/);
    expect(lastError?.message).not.toMatch(/\n|wrong-key/);
  });
});
