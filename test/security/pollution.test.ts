/** F63, I23: no answer reaches a prototype, in whatever place of it the keys stand that could; nor does one stand in for what is missing. */
import { describe, expect, it } from 'vitest';
import { StatisticsApiError, type StatisticRequest } from '../../src/index.js';
import { startHostileServer, type Arrived } from '../support/hostile-server.js';
import { kim, record, sales, startClient, support, until } from '../support/journey.js';

const names = ['__proto__', 'constructor', 'prototype', 'toString', 'valueOf', 'hasOwnProperty', 'toJSON', 'then', '__defineGetter__'];
const poison = { polluted: true, prototype: { polluted: true }, status: { code: 0 }, data: { statistics: [] }, value: { polluted: true }, code: 0 };

/** Whatever an attack could have changed for everybody. */
function globals(): unknown[] {
  const shared = [Object, Array, Function, String, Number, Map, Set, Error, Promise, RegExp, URL, Headers].map((each) => each.prototype as object);
  return [...shared, JSON, Reflect, Object, globalThis].flatMap((each) => [each, ...Reflect.ownKeys(each).flatMap((key) => [key, Object.getOwnPropertyDescriptor(each, key)?.value as unknown])]);
}

/** A copy with the poison as own properties of one of its objects, the `place`th; `all` of them where no place is given. */
function poisoned(root: unknown, place?: number): unknown {
  let at = 0;
  const copy = (node: unknown): unknown => {
    if (typeof node !== 'object' || node === null) {
      return node;
    }
    if (Array.isArray(node)) {
      return node.map(copy);
    }
    const here = at++;
    const made: object = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, copy(value)]));
    if (place === undefined || place === here) {
      names.forEach((name) => Object.defineProperty(made, name, { value: poison, enumerable: true, configurable: true }));
    }
    return made;
  };
  return copy(root);
}

const places = (root: unknown): number => JSON.stringify(root).split('{').length - 1;

/** What is emitted is told by its number, whatever else lies in the value. */
const numbers = (values: readonly { value: unknown }[]): unknown[] => values.map(({ value }) => (value as { intValue: number }).intValue);

describe('F63: in an answer', () => {
  it('the keys that reach for a prototype do so in no place of it', async () => {
    const before = globals();
    let place: number | undefined = 0;
    let last = 0;
    const server = await startHostileServer(({ usual }) => {
      last = Math.max(last, places(usual));
      return { body: poisoned(usual, place) };
    });
    for (place = 0; place <= last; place = place === last ? last + 1 : place + 1) {
      const client = startClient(server.url);
      const one = record(client.statistic$('Total_Answered', sales));
      const set = record(client.subscription$({ a: { name: 'Total_Answered', ...support }, b: { name: 'Current_In_Queue', ...sales } }));
      const peeked = record(client.peek$('Total_Answered', kim));
      const many = record(client.peekAll$([{ name: 'Total_Answered', ...kim }]));
      await until(`all are answered (${place})`, () => [one, set, peeked, many].every(({ values }) => values.length > 0));
      expect(numbers([...one.values, ...Object.values(set.values[0] ?? {}), ...peeked.values, ...(many.values[0] ?? [])])).toEqual([1, 1, 1, 1, 1]);
      await client.close();
    }
    expect(last).toBeGreaterThan(3);
    place = undefined;
    const { api } = startClient(server.url);
    await api.openSubscription('op-1', [{ statisticId: 's1', name: 'a', ...sales }]);
    await api.readSubscription('op-1');
    await api.closeSubscription('op-1');
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    const after = globals();
    expect(after.length).toBe(before.length);
    expect(after.every((each, index) => Object.is(each, before[index]))).toBe(true);
  });

  it('nor in an error, its detail and its list of errors', async () => {
    const before = globals();
    const status = { code: 7, message: 'no', detail: { a: [{ b: 1 }] } };
    const server = await startHostileServer(() => ({ status: 500, body: poisoned({ status, errors: [{ status }], path: '/x' }) }));
    const error: unknown = await startClient(server.url).api.readSubscription('op-1').catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(StatisticsApiError);
    expect(error).toMatchObject({ code: 7, path: '/x', detail: { a: [{ b: 1 }] } });
    expect(Object.getPrototypeOf((error as StatisticsApiError).detail)).toBe(Object.prototype);
    expect(globals().every((each, index) => Object.is(each, before[index]))).toBe(true);
  });

  const whole = (inner: string): string => `{"__proto__":${inner},"constructor":{"prototype":${inner}}}`;

  it.each([
    ['an envelope', whole('{"status":{"code":0},"data":{"subscriptionId":"x","statistics":[{"value":1}]}}')],
    ['data', `{"status":{"code":0},"data":${whole('{"subscriptionId":"x","statistics":[{"value":1}]}')}}`],
    ['a code', `{"status":${whole('{"code":0}')}}`],
  ])('%s that lies on a prototype is none', async (_, body) => {
    const server = await startHostileServer(() => ({ body }));
    await expect(startClient(server.url).api.readSubscription('op-1')).rejects.toThrow(StatisticsApiError);
  });

  it('nor is a statistic, or its value', async () => {
    const statistic = JSON.parse(whole('{"statisticId":"s1","name":"a","value":1,"timestamp":5}')) as object;
    const server = await startHostileServer(({ usual }) => ({ body: { ...usual, data: { ...usual.data, statistics: [statistic] } } }));
    const { statistics } = await startClient(server.url).api.readSubscription('op-1');
    expect(statistics).toEqual([{ timestamp: null, value: null }]);
  });
});

describe('F63: as a name', () => {
  const inherited = Object.getOwnPropertyNames(Object.prototype);
  const request = (name: string): StatisticRequest => ({ name, objectId: name, objectType: name });

  it('of statistics, objects, keys of a set and ids of the server, they are names like any other', async () => {
    const ids = new Map<string, string>();
    // A server that makes up its ids: exactly these.
    const rename = ({ usual, statistics }: Arrived): unknown => ({
      ...usual,
      data: {
        subscriptionId: '__proto__',
        statistics: statistics.map((asked, index) => {
          const statisticId = ids.get(asked.objectId) ?? inherited[ids.size] ?? 'more';
          ids.set(asked.objectId, statisticId);
          return { ...asked, statisticId, timestamp: 1, value: { intValue: index } };
        }),
      },
    });
    const server = await startHostileServer((arrived) => (arrived.method === 'DELETE' ? undefined : { body: rename(arrived) }));
    const client = startClient(server.url);
    const definitions = Object.fromEntries(inherited.map((name) => [name, request(name)]));
    const set = record(client.subscription$(definitions));
    await until('a snapshot', () => set.values.length === 1);
    const [snapshot = {}] = set.values;
    expect(Object.keys(snapshot)).toEqual(inherited);
    expect(Object.values(snapshot).map(({ name, objectId }) => [name, objectId])).toEqual(inherited.map((name) => [name, name]));
    expect(numbers(Object.values(snapshot)).sort()).toEqual(inherited.map((_, index) => index).sort());
    expect(Object.getPrototypeOf(snapshot)).toBe(Object.prototype);
    await until('it is polled by its id', () => server.requests.some(({ target }) => target.startsWith('/statistics/v3/subscriptions/__proto__/statistic-values')));
    const singles = inherited.map((name) => record(client.statistic$(name, { objectId: name, objectType: 'Queue' })));
    await until('each has its own', () => singles.every(({ values }) => values.length > 0));
    expect(singles.map(({ values }) => values[0]?.name)).toEqual(inherited);
    const many = record(client.peekAll$(definitions));
    await until('peeks do, too', () => many.completed);
    expect(Object.keys(many.values[0] ?? {})).toEqual(inherited);
  });

  it('of headers and cookies, either way', async () => {
    const server = await startHostileServer(() => ({ headers: { constructor: 'a', 'x-__proto__': 'b', 'set-cookie': inherited.map((name) => `${name}=cookie; Path=/`) } }));
    // Node's own fetch loses a header called `__proto__`.
    const headers = Object.fromEntries(inherited.filter((name) => name !== '__proto__').map((name) => [name, `of-${name.toLowerCase()}`]));
    const { api } = startClient(server.url, { headers });
    await api.closeSubscription('op-1');
    await api.closeSubscription('op-1');
    const [, last] = server.requests;
    expect(last?.rawHeaders).toEqual(expect.arrayContaining(Object.values(headers)));
    expect(last?.headers.cookie).toContain('__proto__=cookie');
  });

  it('of an inline definition\'s keys: they tell definitions apart, and are sent as they are', async () => {
    const server = await startHostileServer();
    const client = startClient(server.url);
    const inline = (inner: string): never => JSON.parse(`{"category":"CurrentNumber","subject":"DNAction","__proto__":${inner}}`) as never;
    const both = ['{"a":1}', '{"a":2}'].map((inner) => record(client.statistic$(inline(inner), sales)));
    await until('both have a value', () => both.every(({ values }) => values.length === 1));
    const sent = JSON.parse(server.requests[0]?.body ?? '') as { data: { statistics: { definition: object }[] } };
    expect(sent.data.statistics.map(({ definition }) => JSON.stringify(definition))).toEqual([
      '{"category":"CurrentNumber","subject":"DNAction","__proto__":{"a":1}}',
      '{"category":"CurrentNumber","subject":"DNAction","__proto__":{"a":2}}',
    ]);
  });
});
