/** G1, G2: the requests that a server receives for many observers. */
import { expect, it, describe } from 'vitest';
import { allDeleted, answered, kim, record, sales, startClient, startSimulator, support, until } from '../support/journey.js';

describe('G1: nothing is sent before the first subscribe', () => {
  it('making a client and its streams sends nothing', async () => {
    const simulator = await startSimulator();
    const client = startClient(simulator.url, { token: () => { throw new Error('asked'); } });
    client.statistic$('Total_Answered', sales);
    client.subscription$([{ name: 'Total_Answered', ...sales }]);
    client.statisticState$('Total_Answered', sales);
    client.peek$('Total_Answered', sales);
    record(client.health$);
    record(client.events$);
    client.refresh();
    await client.close();
    expect(simulator.ledger.requests).toEqual([]);
  });
});

describe('G2: sharing', () => {
  it('ten observers of the same statistic: one POST, one poll, one DELETE', async () => {
    const simulator = await startSimulator();
    const client = startClient(simulator.url);
    const all = Array.from({ length: 10 }, () => record(client.statistic$('Total_Answered', { ...sales })));
    await until('each has a value', () => all.every(({ values }) => values.length === 1));
    expect(simulator.ledger.count('read')).toBe(0);
    await answered(simulator, 'read', 2);
    all.forEach(({ unsubscribe }) => unsubscribe());
    await allDeleted(simulator);
    expect(simulator.ledger.count('open')).toBe(1);
    expect(simulator.ledger.count('close')).toBe(1);
  });

  it('a thousand distinct statistics in one tick: two POSTs, two GETs per interval, two DELETEs', async () => {
    const simulator = await startSimulator({ queues: 1000 });
    const client = startClient(simulator.url, { poll: { interval: 200, maxInterval: 200 } });
    const names = Array.from({ length: 1000 }, (_, index) => `Queue${String(index + 1).padStart(4, '0')}@SIP`);
    const all = names.map((objectId) => record(client.statistic$('Total_Answered', { objectId, objectType: 'Queue' })));
    await until('each has a value', () => all.every(({ values }) => values.length === 1));
    expect(simulator.ledger.count('open')).toBe(2);
    expect(simulator.ledger.count('read')).toBe(0);
    await answered(simulator, 'read', 2);
    expect(new Set(simulator.ledger.requests.filter(({ operation }) => operation === 'read').map(({ path }) => path)).size).toBe(2);
    all.forEach(({ unsubscribe }) => unsubscribe());
    await allDeleted(simulator);
    expect(simulator.ledger.count('close')).toBe(2);
  });

  it('definitions are the same whatever the order of their fields', async () => {
    const simulator = await startSimulator();
    const client = startClient(simulator.url);
    const one = record(client.statistic$({ category: 'CurrentNumber', subject: 'DNAction', mainMask: 'CallWait' }, sales));
    const other = record(client.statistic$({ mainMask: 'CallWait', subject: 'DNAction', category: 'CurrentNumber' }, { objectType: 'Queue', objectId: 'Sales@SIP' }));
    await until('both have a value', () => one.values.length === 1 && other.values.length === 1);
    const [open] = simulator.ledger.requests;
    expect(JSON.parse(open?.body ?? '')).toMatchObject({ data: { statistics: [{ definition: { category: 'CurrentNumber' } }] } });
    expect(simulator.ledger.count('open')).toBe(1);
    expect(one.values[0]).not.toHaveProperty('name');
  });

  it('the same set in any order and shape shares one upstream, each observer with its own arrangement', async () => {
    const simulator = await startSimulator();
    const client = startClient(simulator.url);
    const a = { name: 'Total_Answered', ...sales };
    const b = { name: 'Total_Abandoned', ...sales };
    const tuple = record(client.subscription$([a, b]));
    const reversed = record(client.subscription$([b, a, b]));
    const named = record(client.subscription$({ first: b, second: a }));
    await until('each has a snapshot', () => [tuple, reversed, named].every(({ values }) => values.length === 1));
    expect(simulator.ledger.count('open')).toBe(1);
    expect(tuple.values[0]?.map(({ name }) => name)).toEqual(['Total_Answered', 'Total_Abandoned']);
    expect(reversed.values[0]?.map(({ name }) => name)).toEqual(['Total_Abandoned', 'Total_Answered', 'Total_Abandoned']);
    expect(Object.keys(named.values[0] ?? {})).toEqual(['first', 'second']);
    expect(named.values[0]?.second.name).toBe('Total_Answered');
  });

  it('lingering: an observer that comes back in time gets the value at once, and nothing is opened again', async () => {
    const simulator = await startSimulator();
    const client = startClient(simulator.url, { sharing: { linger: 60_000 } });
    const first = record(client.statistic$('Total_Answered', sales));
    await until('a value', () => first.values.length === 1);
    first.unsubscribe();
    await answered(simulator, 'read', 2);
    const second = record(client.statistic$('Total_Answered', sales));
    expect(second.values).toEqual(first.values);
    expect(simulator.ledger.count('open')).toBe(1);
    expect(simulator.ledger.count('close')).toBe(0);
  });

  it('evicts the least recently used idle upstream, never an observed one', async () => {
    const simulator = await startSimulator();
    const client = startClient(simulator.url, { sharing: { linger: 60_000, maxIdle: 1 }, batch: { window: 0, size: 1 } });
    const watched = record(client.statistic$('Total_Answered', sales));
    const idle = [kim, support].map((object) => record(client.subscription$([{ name: object === kim ? 'InboundCalls' : 'Total_Answered', ...object }])));
    await until('all are live', () => [watched, ...idle].every(({ values }) => values.length === 1));
    idle.forEach(({ unsubscribe }) => unsubscribe());
    await answered(simulator, 'close', 1);
    await answered(simulator, 'read', 4);
    expect(simulator.ledger.deleted).toHaveLength(1);
    expect(simulator.ledger.opened).toHaveLength(3);
  });

  it('leaving within the window opens nothing', async () => {
    const simulator = await startSimulator();
    const client = startClient(simulator.url);
    record(client.statistic$('Total_Answered', sales)).unsubscribe();
    const other = record(client.statistic$('Total_Answered', support));
    await until('the other has a value', () => other.values.length === 1);
    expect(JSON.parse(simulator.ledger.requests[0]?.body ?? '').data.statistics).toHaveLength(1);
  });
});
