/** The five endpoints: the requests they send, and how they read the answers. */
import { describe, expect, it } from 'vitest';
import { createStatisticsClient, StatisticsApiError, StatisticsNetworkError, StatisticsOptionError, type StatisticsApi, type TransportRequest } from '../../src/index.js';
import { canary } from '../support/canary.js';
import { reply } from '../support/memory-server.js';

/** An api over a transport that records every request and always returns the same answer. */
function start(answer: ReturnType<typeof reply>): { api: StatisticsApi; sent: TransportRequest[] } {
  const sent: TransportRequest[] = [];
  const { api } = createStatisticsClient({
    baseUrl: 'https://host/statistics/v3',
    apiKey: canary('key'),
    headers: { 'X-Tenant': 'acme-corp' },
    transport: (request) => {
      sent.push(request);
      return Promise.resolve(answer);
    },
  });
  return { api, sent };
}

const fine = (data?: unknown): ReturnType<typeof reply> => reply(200, { status: { code: 0 }, data });
const queue = { objectId: 'Sales & Co+1 \\ü@SIP:/x', objectType: 'Queue' };
const list = fine({ subscriptionId: 'op-1', operationId: 'op-1', statistics: [{ statisticId: 's1', name: 'a', ...queue, timestamp: 1_500_000_000, value: { intValue: 1 } }] });

describe('F149: a base path that is mistyped', () => {
  it.each([404, 405])('is named in the error of a POST that is answered %i, since the resource always exists', async (status) => {
    const { api } = start(reply(status, 'no such page'));
    const open = api.openSubscription('op-1', [{ statisticId: 's1', name: 'a', ...queue }]);
    await expect(open).rejects.toThrow(`POST /subscriptions below https://host/statistics/v3 answered ${status}: no such page`);
    await expect(api.getStatistics([{ name: 'a', ...queue }])).rejects.toThrow(`POST /operations/get-statistic-ex below https://host/statistics/v3 answered ${status}`);
    await expect(api.readSubscription('op-1')).rejects.toThrow(`GET /subscriptions/op-1/statistic-values answered ${status}`);
  });

  it.each([400, 403, 500])('is not named in the error for a %i', async (status) => {
    const { api } = start(reply(status, 'no'));
    await expect(api.getStatistics([{ name: 'a', ...queue }])).rejects.toThrow(`POST /operations/get-statistic-ex answered ${status}`);
  });
});

describe('requests', () => {
  it('to open statistics POST them to /subscriptions, by name and by definition', async () => {
    const { api, sent } = start(list);
    const opened = await api.openSubscription('op-1', [
      { statisticId: 's1', name: 'a', ...queue },
      { statisticId: 's2', definition: { category: 'CurrentState', subject: 'DNStatus' }, ...queue },
    ]);
    expect(opened).toEqual({
      subscriptionId: 'op-1',
      statistics: [{ statisticId: 's1', name: 'a', ...queue, timestamp: 1_500_000_000_000, value: { intValue: 1 } }],
    });
    expect(sent[0]).toMatchObject({
      method: 'POST',
      url: 'https://host/statistics/v3/subscriptions?verbose=INFO',
      headers: { accept: 'application/json', 'content-type': 'application/json', 'x-api-key': canary('key'), 'x-tenant': 'acme-corp' },
      maxBodyBytes: 16 * 1024 * 1024,
    });
    expect(JSON.parse(sent[0]?.body ?? '')).toEqual({
      operationId: 'op-1',
      data: {
        statistics: [
          { statisticId: 's1', name: 'a', ...queue },
          { statisticId: 's2', definition: { category: 'CurrentState', subject: 'DNStatus' }, ...queue },
        ],
      },
    });
  });

  it('to read values GET them, with ids encoded one by one and joined by commas, and verbose', async () => {
    const { api, sent } = start(list);
    await api.readSubscription('op 1', { statisticIds: ['s1', 's 2'], verbose: 'OFF' });
    await api.readSubscription('ü-1');
    expect(sent.map(({ url }) => url.replace('https://host/statistics/v3', ''))).toEqual([
      '/subscriptions/op%201/statistic-values?statisticIds=s1,s%202&verbose=OFF',
      '/subscriptions/%C3%BC-1/statistic-values?verbose=INFO',
    ]);
    expect(sent[0]).not.toHaveProperty('body');
    expect(sent[0]?.headers).not.toHaveProperty('content-type');
  });

  it('to close a subscription DELETE it, and its answer may be empty', async () => {
    const { api, sent } = start(fine());
    await expect(api.closeSubscription('op-1')).resolves.toBeUndefined();
    await api.closeSubscription('ü 1;x=y');
    expect(sent[0]).toMatchObject({ method: 'DELETE', url: 'https://host/statistics/v3/subscriptions/op-1' });
    expect(sent[1]?.url).toBe('https://host/statistics/v3/subscriptions/%C3%BC%201%3Bx%3Dy');
  });

  it('F64: to peek keep the name in one path segment, and every character of the object', async () => {
    const { api, sent } = start(fine({ statistic: { timestamp: 5, value: 7 } }));
    const value = await api.getStatistic('Current Agent/State', queue);
    expect(value).toEqual({ name: 'Current Agent/State', ...queue, timestamp: 5000, value: 7 });
    expect(Object.isFrozen(value)).toBe(true);
    const url = new URL(sent[0]?.url ?? '');
    expect(url.pathname).toBe('/statistics/v3/statistic-values/Current%20Agent%2FState');
    expect(Object.fromEntries(url.searchParams)).toEqual(queue);
    expect(url.search).toContain('%2B1');
  });

  it('to peek at many POST names and objects, and nothing else', async () => {
    const { api, sent } = start(fine({ statistics: [{ name: 'a', ...queue, value: 1 }, 'nonsense', null] }));
    await expect(api.getStatistics([{ name: 'a', ...queue }])).resolves.toEqual([{ name: 'a', ...queue, timestamp: null, value: 1 }]);
    expect(JSON.parse(sent[0]?.body ?? '')).toEqual({ data: { statistics: [{ name: 'a', ...queue }] } });
  });
});

describe('F63: a header called __proto__', () => {
  it('reaches the transport like any other', async () => {
    const sent: TransportRequest[] = [];
    const { api } = createStatisticsClient({
      baseUrl: 'https://host/statistics/v3',
      headers: JSON.parse('{"__proto__":"a","constructor":"b"}') as Record<string, string>,
      transport: (request) => {
        sent.push(request);
        return Promise.resolve(fine());
      },
    });
    await api.closeSubscription('op-1');
    expect(Object.entries(sent[0]?.headers ?? {})).toEqual(expect.arrayContaining([['__proto__', 'a'], ['constructor', 'b']]));
  });
});

describe('F65: ids that no path can hold are refused before anything is sent', () => {
  it.each(['', '.', '..', '%2e%2e', 'a/../b', 'a/b', 'a\\b', 'a?b', 'a#b', 'a\nb', '\ud800', 'x'.repeat(600), 5, null])('%j', async (id) => {
    const { api, sent } = start(list);
    await expect(api.readSubscription(id as never)).rejects.toThrow(StatisticsOptionError);
    await expect(api.closeSubscription(id as never)).rejects.toThrow(StatisticsOptionError);
    await expect(api.openSubscription(id as never, [])).rejects.toThrow(StatisticsOptionError);
    expect(sent).toEqual([]);
  });

  it.each(['', '.', '..', '\ud800', 5])('so is a peek at the name %j', async (name) => {
    const { api, sent } = start(list);
    await expect(api.getStatistic(name as never, queue)).rejects.toThrow('name must be');
    expect(sent).toEqual([]);
  });

  it('so is a statisticId with a comma, since commas separate ids', async () => {
    const { api } = start(list);
    await expect(api.readSubscription('op-1', { statisticIds: ['a', 'b,c'] })).rejects.toThrow('statisticIds[1] must be a non-empty string without a comma, got "b,c"');
    await expect(api.openSubscription('op-1', [{ statisticId: 'b,c', name: 'a', ...queue }])).rejects.toThrow(StatisticsOptionError);
  });

  it('an answer with such an id is not usable', async () => {
    const { api } = start(fine({ subscriptionId: '../../x', statistics: [] }));
    await expect(api.openSubscription('op-1', [])).rejects.toThrow(StatisticsNetworkError);
  });
});

describe('answers', () => {
  it('F49: hold the id of the subscription; without one, the operationId is used', async () => {
    const read = async (data: unknown): Promise<string> => (await start(fine(data)).api.openSubscription('op-1', [])).subscriptionId;
    expect(await read({ subscriptionId: 'other', statistics: [] })).toBe('other');
    expect(await read({ subscriptionId: 17, statistics: [] })).toBe('17');
    expect(await read({ statistics: [] })).toBe('op-1');
  });

  it('G12: give values and error details that are deeply frozen', async () => {
    const { statistics } = await start(fine({ statistics: [{ statisticId: 's1', value: { list: [{ x: 1 }] } }] })).api.readSubscription('op-1');
    const value = statistics[0]?.value as { list: object[] };
    const error = await start(reply(500, { status: { code: 1, detail: { list: [{ x: 1 }] } } })).api.readSubscription('op-1').catch((reason: unknown) => reason as StatisticsApiError);
    const detail = (error as StatisticsApiError).detail as { list: object[] };
    expect([statistics[0], value, value.list, value.list[0], detail, detail.list, detail.list[0]].map(Object.isFrozen)).toEqual(Array.from({ length: 7 }, () => true));
  });

  it('with code 1 (accepted) are successes', async () => {
    await expect(start(reply(200, { status: { code: 1 }, data: { statistics: [] } })).api.readSubscription('op-1')).resolves.toEqual({ subscriptionId: 'op-1', statistics: [] });
  });

  it.each([[undefined], [{}], [{ statistic: null }], [{ statistic: [] }], [{ statistic: 'x' }]])('F28: to a peek with %j as data are refusals', async (data) => {
    await expect(start(fine(data)).api.getStatistic('a', queue)).rejects.toThrow(StatisticsApiError);
  });

  it.each([
    ['F26: an envelope', reply(504, { status: { code: 12, message: 'backend', detail: { a: 1 } }, path: '/x' }), { httpStatus: 504, code: 12, detail: { a: 1 }, path: '/x', message: 'GET /subscriptions/op-1/statistic-values answered 504: backend' }],
    ['F27: a 200 with a failure code', reply(200, { status: { code: 7, message: 'no' } }), { httpStatus: 200, code: 7, message: 'GET /subscriptions/op-1/statistic-values answered 200 with code 7: no' }],
    ['a code as text', reply(200, { status: { code: '7' } }), { httpStatus: 200, code: 7 }],
    ['a status without a code or data', reply(200, { status: {} }), { httpStatus: 200 }],
    ['a numeric status in a 200', reply(200, { status: 500, message: 'Invalid channel', path: '/x' }), { httpStatus: 200, code: undefined, path: '/x', message: 'GET /subscriptions/op-1/statistic-values answered 200 with code unknown: Invalid channel' }],
    ['F25: a page of HTML', reply(502, '<html>\r\n<b>Bad</b> gateway</html>'), { httpStatus: 502, message: 'GET /subscriptions/op-1/statistic-values answered 502: <html> <b>Bad</b> gateway</html>' }],
    ['errors[] alone', reply(400, { errors: [{ status: { code: 3, message: 'unknown statistic' } }] }), { httpStatus: 400, code: 3, message: 'GET /subscriptions/op-1/statistic-values answered 400: unknown statistic' }],
    ['an array', reply(400, []), { httpStatus: 400 }],
    ['nothing', reply(500, ''), { httpStatus: 500, message: 'GET /subscriptions/op-1/statistic-values answered 500' }],
    ['F33: no data', reply(200, { status: { code: 0 } }), { httpStatus: 200, code: 0 }],
    ['F28: data that is a list', reply(200, { status: { code: 0 }, data: [] }), { httpStatus: 200, code: 0 }],
    ['statistics that are no list', reply(200, { status: { code: 0 }, data: { statistics: {} } }), { httpStatus: 200, code: 0 }],
  ])('%s is a refusal', async (_, answer, fields) => {
    const error: unknown = await start(answer).api.readSubscription('op-1').catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(StatisticsApiError);
    expect(error).toMatchObject(fields);
  });

  it('F100: are shortened in messages, without control characters', async () => {
    const message = `\u001b[2J\u001b]0;owned\u0007 line\u2028break ${'x'.repeat(1_000_000)}`;
    const error = await start(reply(500, { status: { code: 1, message } })).api.readSubscription('op-1').catch((reason: unknown) => reason as Error);
    const text = (error as Error).message;
    expect(text.length).toBeLessThan(400);
    expect(text).not.toMatch(/[\p{Cc}\u2028]/u);
  });

  it('F100: are quoted in messages as the server wrote them, quotes and backslashes too', async () => {
    const error = await start(reply(400, { status: { code: 1, message: 'there is no Queue "Nope@SIP" in C:\\data' } })).api.readSubscription('op-1').catch((reason: unknown) => reason as Error);
    expect((error as Error).message).toBe('GET /subscriptions/op-1/statistic-values answered 400: there is no Queue "Nope@SIP" in C:\\data');
  });

  it('F100: are cut between characters', async () => {
    const error = await start(reply(500, { status: { code: 1, message: `x${'\u{1f600}'.repeat(200)}` } })).api.readSubscription('op-1').catch((reason: unknown) => reason as Error);
    expect((error as Error).message).toMatch(/: x(?:\u{1f600}){99}\.\.\.$/u);
  });

  it.each(['', 'not json', '[]', '"text"', 'null', '{"status":{"code":0},"data":{"statistics":['])('with status 200 and body %j are not usable', async (body) => {
    await expect(start(reply(200, body)).api.readSubscription('op-1')).rejects.toThrow(StatisticsNetworkError);
  });

  it('F18: with values that nest too deeply are not usable', async () => {
    const body = `{"status":{"code":0},"data":{"statistics":[{"value":${'['.repeat(100_000)}${']'.repeat(100_000)}}]}}`;
    await expect(start(reply(200, body)).api.readSubscription('op-1')).rejects.toThrow('nests too deeply');
  });

  it('are read tolerantly: ids that are numbers as text, seconds as milliseconds, missing values as null', async () => {
    const statistics = [{ statisticId: 5, objectId: 7, timestamp: '1500000000000', extra: true }, { timestamp: {}, name: ['x'] }];
    expect((await start(fine({ statistics })).api.readSubscription('op-1')).statistics).toEqual([
      { statisticId: '5', objectId: '7', timestamp: 1_500_000_000_000, value: null },
      { timestamp: null, value: null },
    ]);
  });
});
