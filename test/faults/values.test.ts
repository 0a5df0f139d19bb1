/** F56, F59, F62, F63, F66, F67, F68: undocumented values and fields, over HTTP. Only observers of the affected statistic see them. */
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { numberOf, numeric } from '../../src/index.js';
import { readDefinition } from '../../src/model/definition.js';
import { equal } from '../../src/model/equal.js';
import type { Simulator } from '../../src/simulator/index.js';
import { answered, eventsOf, kim, numberValue, record, sales, startClient, startSimulator, until } from '../support/journey.js';

const inQueue = { name: 'Current_In_Queue', ...sales };
const answeredCalls = { name: 'Total_Answered', ...sales };

/** The statistics of an answer, which a test may modify in place. */
type Statistics = Record<string, unknown>[];

/** Modifies the queue's statistic in every answer from now on. */
function rewriting(simulator: Simulator, rewrite: (statistics: Statistics, body: Record<string, unknown>) => void): () => void {
  return simulator.fault({
    kind: 'rewrite', operation: ['open', 'read'], times: Infinity,
    rewrite(body) {
      const envelope = body as { data: Record<string, unknown> & { statistics: Statistics } };
      rewrite(envelope.data.statistics, envelope.data);
      return envelope;
    },
  });
}

describe('F56: a missing value', () => {
  it.each<[string, (statistic: Record<string, unknown>) => void, unknown]>([
    ['null', (statistic) => (statistic['value'] = null), null],
    ['missing', (statistic) => delete statistic['value'], null],
    ['{}', (statistic) => (statistic['value'] = {}), {}],
    ['""', (statistic) => (statistic['value'] = ''), ''],
  ])('%s is emitted as it is, its number is null, and the next value follows', async (_, spoil, shown) => {
    const simulator = await startSimulator();
    const client = startClient(simulator.url);
    simulator.set(inQueue, numberValue(1));
    simulator.set(answeredCalls, numberValue(10));
    const values = record(client.statistic$('Current_In_Queue', sales));
    const numbers = record(client.statistic$('Current_In_Queue', sales).pipe(numeric()));
    const neighbour = record(client.statistic$('Total_Answered', sales).pipe(numeric()));
    const states = record(client.statisticState$('Current_In_Queue', sales));
    await until('both have a value', () => values.values.length === 1 && neighbour.values.length === 1);
    const heal = rewriting(simulator, (statistics) => statistics.filter((each) => JSON.stringify(each['value']) === JSON.stringify(numberValue(1))).forEach(spoil));
    await until('it is reported', () => values.values.length === 2);
    heal();
    simulator.set(inQueue, numberValue(2));
    await until('the next value', () => values.values.length === 3);
    expect(values.values[1]?.value).toEqual(shown);
    expect(numbers.values).toEqual([1, null, 2]);
    expect(neighbour.values).toEqual([10]);
    expect(states.values.map(({ status }) => status)).toEqual(['pending', 'live', 'live', 'live']);
    expect([values.error, numbers.error]).toEqual([undefined, undefined]);
  });

  it('in every answer counts as an answer: nothing is rejected because of it, and a set is complete with it', async () => {
    const simulator = await startSimulator();
    const client = startClient(simulator.url);
    simulator.set(inQueue, null);
    const one = record(client.statistic$('Current_In_Queue', sales));
    const set = record(client.subscription$({ inQueue, answeredCalls }));
    await answered(simulator, 'read', 6);
    expect(one.values.map(({ value }) => value)).toEqual([null]);
    expect(set.values[0]?.inQueue.value).toBeNull();
    expect([one.error, set.error]).toEqual([undefined, undefined]);
  });
});

describe('F59: timestamps', () => {
  it('that are unusable do not suppress a value', async () => {
    const simulator = await startSimulator();
    const client = startClient(simulator.url);
    const now = 1_795_453_483_316;
    const timestamps: unknown[] = [now, null, 0, -1, 'soon', {}, 1e300, '', String(now), now / 1000, undefined, now];
    let said = -1;
    rewriting(simulator, (statistics) => {
      said = Math.min(said + 1, timestamps.length - 1);
      statistics.forEach((each) => Object.assign(each, { timestamp: timestamps[said], value: numberValue(said) }));
    });
    const observer = record(client.statistic$('Current_In_Queue', sales));
    await until('all are told', () => observer.values.length === timestamps.length);
    expect(observer.values.map(({ value }) => numberOf(value))).toEqual(timestamps.map((_, index) => index));
    expect(observer.values.map(({ timestamp }) => timestamp)).toEqual([now, null, null, null, null, null, null, null, now, now, null, now]);
  });
});

describe('F62: the same statistic, requested several times', () => {
  it('is one definition of one upstream, and each gets its own stream', async () => {
    const simulator = await startSimulator();
    const client = startClient(simulator.url);
    simulator.set(inQueue, numberValue(1));
    const streams = [
      record(client.statistic$('Current_In_Queue', sales)),
      record(client.statistic$('Current_In_Queue', { ...sales }, { distinct: () => false })),
      record(client.statisticState$('Current_In_Queue', sales)),
    ];
    await until('each has a value', () => streams.every(({ values }) => values.length > 0));
    const [open] = simulator.ledger.requests;
    expect(JSON.parse(open?.body ?? '').data.statistics).toHaveLength(1);
    streams[0]?.unsubscribe();
    simulator.set(inQueue, numberValue(2));
    await until('the others go on', () => streams.slice(1).every(({ values }) => JSON.stringify(values.at(-1)).includes('"intValue":2')));
    expect(streams[0]?.values).toHaveLength(1);
    expect(simulator.ledger.count('open')).toBe(1);
  });

  it('needs no more requests if a set holds it already', async () => {
    const simulator = await startSimulator();
    const client = startClient(simulator.url);
    const set = record(client.subscription$([inQueue, answeredCalls]));
    await until('a snapshot', () => set.values.length === 1);
    const one = record(client.statistic$('Current_In_Queue', sales));
    expect(one.values).toHaveLength(1);
    await answered(simulator, 'read', 2);
    expect(simulator.ledger.count('open')).toBe(1);
  });
});

describe('G2: two definitions', () => {
  const keyOf = ([name, objectId, objectType]: readonly unknown[]): string => readDefinition({ name, objectId, objectType }).key;

  it.each([
    [['a', 'x', 'Queue'], ['a', 'x', 'Agent']],
    [['a', 'x', 'Queue'], ['a', 'y', 'Queue']],
    [['a', 'x y', 'z'], ['a', 'x', 'y z']],
    [['a x', 'y', 'z'], ['a', 'x y', 'z']],
    [['a","x', 'y', 'z'], ['a', 'x","y', 'z']],
    [['{"category":"a","subject":"b"}', 'x', 'Queue'], [{ category: 'a', subject: 'b' }, 'x', 'Queue']],
    [[{ category: 'a', subject: 'b' }, 'x', 'Queue'], [{ category: 'a', subject: 'b', more: null }, 'x', 'Queue']],
    [[{ category: 'a', subject: 'b', list: [1, 2] }, 'x', 'Queue'], [{ category: 'a', subject: 'b', list: [2, 1] }, 'x', 'Queue']],
  ] as const)('%j and %j are not the same', (one, other) => {
    expect(keyOf(one)).not.toBe(keyOf(other));
  });
});

describe('F63: names like __proto__', () => {
  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('%s as a name, an object, a key of a value and of the envelope is treated as any other name', async (name) => {
    const before = Object.getOwnPropertyNames(Object.prototype).sort();
    const simulator = await startSimulator();
    const client = startClient(simulator.url);
    const object = { objectId: name, objectType: name };
    const value = JSON.parse(`{"${name}":{"polluted":true},"intValue":4}`) as unknown;
    simulator.set({ name, ...object }, value);
    const one = record(client.statistic$(name, object));
    const set = record(client.subscription$({ [name]: { name, ...object } }));
    const peeked = record(client.peek$(name, object));
    await until('all have a value', () => [one, set, peeked].every(({ values }) => values.length === 1));
    expect(JSON.stringify(one.values[0]?.value)).toBe(JSON.stringify(value));
    expect(numberOf(peeked.values[0]?.value)).toBe(4);
    rewriting(simulator, (statistics, data) => {
      statistics.forEach((each) => Object.defineProperty(each, name, { value: { polluted: true }, enumerable: true, configurable: true }));
      Object.defineProperty(data, name, { value: { polluted: true }, enumerable: true, configurable: true });
    });
    await answered(simulator, 'read', 2);
    expect(one.error).toBeUndefined();
    expect('polluted' in {}).toBe(false);
    expect(Object.getOwnPropertyNames(Object.prototype).sort()).toEqual(before);
  });
});

describe('F66: an equal value', () => {
  it('in a new object is not emitted; health$ shows that it was confirmed', async () => {
    const simulator = await startSimulator();
    const client = startClient(simulator.url);
    simulator.set({ name: 'CurrentAgentState', ...kim }, { status: 4, dn: [{ action: 'x' }] });
    const observer = record(client.statistic$('CurrentAgentState', kim));
    const health = record(client.health$);
    await until('a value', () => observer.values.length === 1 && health.values.at(-1)?.status === 'live');
    const told = health.values.length;
    const at = record(client.health$).values[0]?.lastSuccessAt ?? 0;
    // The same data with another order of keys and another timestamp.
    simulator.set({ name: 'CurrentAgentState', ...kim }, { dn: [{ action: 'x' }], status: 4 });
    await until('it is confirmed later', () => (record(client.health$).values[0]?.lastSuccessAt ?? 0) > at);
    await answered(simulator, 'read', 2);
    expect(observer.values).toHaveLength(1);
    expect(health.values).toHaveLength(told);
  });
});

describe('G5: two values', () => {
  const parsed = (text: string): unknown => JSON.parse(text);

  it.each([
    ['{"a":1}', '{"a":1,"b":2}'],
    ['{"a":{"b":[1,2]}}', '{"a":{"b":[1,2,3]}}'],
    ['{"a":1}', '{"b":1}'],
    ['[]', '{}'],
    ['[1]', '{"0":1}'],
    ['{}', '{"__proto__":{}}'],
    ['{"a":1}', '{"__proto__":{}}'],
    ['{"a":1,"toString":null}', '{"a":1,"b":null}'],
    ['null', '{}'],
    ['0', 'false'],
    ['1', '"1"'],
  ])('F67: %s and %s differ, in both directions', (one, other) => {
    expect([equal(parsed(one), parsed(other)), equal(parsed(other), parsed(one))]).toEqual([false, false]);
    expect([equal(parsed(one), parsed(one)), equal(parsed(other), parsed(other))]).toEqual([true, true]);
  });

  it('F66: are the same exactly when their data is', () => {
    const value = fc.json({ maxDepth: 3 });
    fc.assert(
      fc.property(value, value, (one, other) => {
        expect(equal(parsed(one), parsed(one))).toBe(true);
        expect(equal(parsed(one), parsed(other))).toBe(isDeepStrictEqual(parsed(one), parsed(other)));
      }),
    );
  });
});

describe('F67: a value that changes its type', () => {
  it('is emitted as it is, does not affect other statistics, and is a number again later', async () => {
    const simulator = await startSimulator();
    const client = startClient(simulator.url);
    const kinds: unknown[] = [numberValue(1), { status: 4, deep: [1, { x: null }] }, ['a'], 'text', true, null, 5, numberValue(2)];
    simulator.set(inQueue, numberValue(1));
    simulator.set(answeredCalls, numberValue(10));
    const values = record(client.statistic$('Current_In_Queue', sales));
    const numbers = record(client.statistic$('Current_In_Queue', sales).pipe(numeric()));
    const neighbour = record(client.statistic$('Total_Answered', sales).pipe(numeric()));
    let said = 0;
    rewriting(simulator, (statistics) => statistics.slice(0, 1).forEach((each) => (each['value'] = kinds[said])));
    for (; said < kinds.length; said++) {
      await until(`kind ${said}`, () => values.values.length === said + 1);
    }
    expect(values.values.map(({ value }) => value)).toEqual(kinds);
    expect(numbers.values).toEqual([1, null, 5, 2]);
    expect(neighbour.values).toEqual([10]);
    expect(simulator.ledger.count('open')).toBe(1);
  });
});

describe('F68: unrequested content', () => {
  it('additional statistics and fields are ignored, and counted in the event of the poll', async () => {
    const simulator = await startSimulator();
    const client = startClient(simulator.url);
    const polled = eventsOf(client, 'polled');
    simulator.set(inQueue, numberValue(1));
    rewriting(simulator, (statistics, data) => {
      Object.assign(data, { nextGeneration: { quality: 'good' }, statistics2: [] });
      statistics.forEach((each) => Object.assign(each, { quality: 'good', links: [{ rel: 'self' }] }));
      statistics.unshift({ statisticId: 'not-ours', name: 'Other', objectId: 'other', objectType: 'Queue', timestamp: 1, value: numberValue(99) });
      statistics.push({ ...inQueue, statisticId: 'not-ours-either', value: numberValue(98) }, { value: numberValue(97) }, {});
      (statistics as unknown[]).push(null, 5, 'text', []);
    });
    const one = record(client.statistic$('Current_In_Queue', sales));
    const set = record(client.subscription$([inQueue, answeredCalls]));
    await until('both have a value', () => one.values.length === 1 && set.values.length === 1);
    simulator.set(inQueue, numberValue(2));
    await until('the change', () => one.values.length === 2 && set.values.length === 2);
    expect(one.values.map(({ value }) => numberOf(value))).toEqual([1, 2]);
    expect(Object.keys(one.values[0] ?? {}).sort()).toEqual(['name', 'objectId', 'objectType', 'statisticId', 'timestamp', 'value']);
    expect(polled.some(({ statistics }) => statistics === 2 + 4)).toBe(true);
  });

  it('a numeric id of the server is emitted as text', async () => {
    const simulator = await startSimulator();
    const client = startClient(simulator.url);
    rewriting(simulator, (statistics) => statistics.forEach((each, index) => (each['statisticId'] = 40 + index)));
    const one = record(client.statistic$('Current_In_Queue', sales));
    await until('a value', () => one.values.length === 1);
    expect(one.values[0]?.statisticId).toBe('40');
  });
});
