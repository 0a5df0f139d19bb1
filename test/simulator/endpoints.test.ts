/** The five endpoints: documented statuses, ids, verbose, credentials, browsers, and requests that are wrong. */
import { describe, expect, it } from 'vitest';
import { ask, closeAt, kim, openAt, openBody, peekAt, readAt, sales, start, type Json } from './support.js';

const answered = { name: 'Total_Answered', ...sales };
const post = (body: unknown) => ({ method: 'POST', body });
const ids = ({ json }: Json): string[] => json.data.statistics.map(({ statisticId }: Json) => statisticId);

describe('POST /subscriptions', () => {
  it('opens under the operationId, with the values at once', async () => {
    const simulator = await start();
    const { status, json, headers } = await openAt(simulator, 'op-1', { statisticId: 's1', ...answered }, { statisticId: 's2', name: 'CurrentAgentState', ...kim });
    expect(status).toBe(200);
    expect(headers['content-type']).toMatch(/^application\/json;\s*charset=utf-8$/);
    expect(json).toEqual({
      status: { code: 0 },
      data: {
        subscriptionId: 'op-1',
        operationId: 'op-1',
        statistics: [
          { statisticId: 's1', ...answered, timestamp: expect.any(Number), value: expect.objectContaining({ intValue: expect.any(Number) }) },
          { statisticId: 's2', name: 'CurrentAgentState', ...kim, timestamp: expect.any(Number), value: expect.objectContaining({ agentId: 'kim' }) },
        ],
      },
    });
    expect(simulator.ledger.opened).toEqual(['op-1']);
    expect(simulator.ledger.open).toEqual(['op-1']);
  });

  it('makes up the ids that are missing', async () => {
    const simulator = await start();
    const { json } = await ask(simulator, '/subscriptions', post(openBody(undefined, answered, answered)));
    expect(json.data.subscriptionId).toMatch(/\S/);
    expect(new Set(ids({ json })).size).toBe(2);
    expect(simulator.ledger.open).toEqual([json.data.subscriptionId]);
  });

  it('leaves out names and objects when verbose is OFF', async () => {
    const simulator = await start();
    const { json } = await ask(simulator, '/subscriptions?verbose=OFF', post(openBody('x', { statisticId: 's', ...answered })));
    expect(Object.keys(json.data.statistics[0]).sort()).toEqual(['statisticId', 'timestamp', 'value']);
  });

  it('refuses an operationId that lives, and takes it again once deleted', async () => {
    const simulator = await start();
    expect((await openAt(simulator, 'x', answered)).status).toBe(200);
    expect((await openAt(simulator, 'x', answered)).status).toBe(400);
    await closeAt(simulator, 'x');
    expect((await openAt(simulator, 'x', answered)).status).toBe(200);
    expect(simulator.ledger.opened).toEqual(['x', 'x']);
    expect(simulator.ledger.deleted).toEqual(['x']);
  });

  const bad: [string, unknown, RegExp][] = [
    ['an unknown name', { ...answered, name: 'NoSuch' }, /no statistic is called "NoSuch"/],
    ['an unknown object', { ...answered, objectId: 'nobody' }, /there is no Queue "nobody"/],
    ['an unknown object type', { ...answered, objectType: 'Planet' }, /objectType must be one of/],
    ['a name that is not for this type', { ...answered, ...kim }, /Total_Answered is for Queue/],
    ['no objectId', { ...answered, objectId: undefined }, /objectId is required/],
    ['a blank objectId', { ...answered, objectId: ' ' }, /objectId must be a non-blank string/],
    ['a number as objectId', { ...answered, objectId: 5 }, /objectId must be a non-blank string/],
    ['no objectType', { ...answered, objectType: null }, /objectType is required/],
    ['neither name nor definition', sales, /exactly one of name and definition/],
    ['both', { ...answered, definition: {} }, /exactly one of name and definition/],
    ['null', null, /must be an object/],
    ['a prototype as name', { ...answered, name: '__proto__' }, /no statistic is called/],
    ['the id of its neighbour', { ...answered, statisticId: 'good' }, /statisticId "good" comes twice/],
  ];

  it.each(bad)('with %s is refused whole', async (_, statistic, expected) => {
    const simulator = await start();
    const { status, json } = await openAt(simulator, 'x', { statisticId: 'good', ...answered }, statistic);
    expect(status).toBe(400);
    expect(json).toMatchObject({ status: { code: 400 }, path: '/statistics/v3/subscriptions' });
    expect(json.errors).toHaveLength(1);
    expect(json.errors[0].status.message).toMatch(expected);
    expect(json.errors[0].status.message).toMatch(/^statistics\[1\]: /);
    expect(simulator.ledger.opened).toEqual([]);
  });

  it.each(bad)('with %s and `partial` opens the rest', async (_, statistic, expected) => {
    const simulator = await start({ partial: true });
    const { status, json } = await openAt(simulator, 'x', { statisticId: 'good', ...answered }, statistic);
    expect(status).toBe(200);
    expect(json.status).toEqual({ code: 0 });
    expect(ids({ json })).toEqual(['good']);
    expect(json.errors[0].status.message).toMatch(expected);
    expect((await openAt(simulator, 'y', { ...answered, name: 'NoSuch' })).status).toBe(400);
    expect(simulator.ledger.opened).toEqual(['x']);
  });

  it.each<[string, unknown]>([
    ['nothing', undefined], ['half of it', '{"data":'], ['an array', []], ['no data', {}], ['no statistics', { data: {} }],
    ['an empty list', { data: { statistics: [] } }], ['a map of statistics', { data: { statistics: { a: answered } } }],
    ['a number as operationId', { operationId: 7, data: { statistics: [answered] } }],
    ['bytes that are no UTF-8', new Uint8Array([0x7b, 0xff, 0x7d])],
  ])('with %s as the body: 400', async (_, body) => {
    const simulator = await start();
    expect(await ask(simulator, '/subscriptions', post(body))).toMatchObject({ status: 400, json: { status: { code: 400 } } });
  });

  it('with more statistics than allowed, or more bytes than are read: 413', async () => {
    const simulator = await start({ maxStatistics: 2 });
    expect((await openAt(simulator, 'x', answered, answered, answered)).status).toBe(413);
    expect((await openAt(simulator, 'x', answered, answered)).status).toBe(200);
    expect((await ask(simulator, '/operations/get-statistic-ex', post({ data: { statistics: [answered, answered, answered] } }))).status).toBe(413);
    expect((await ask(simulator, '/subscriptions', post(`"${'x'.repeat(9 * 1024 * 1024)}"`))).status).toBe(413);
  });
});

describe('GET /subscriptions/{id}/statistic-values', () => {
  it('gives all, or those asked for, in either form of the list', async () => {
    const simulator = await start();
    await openAt(simulator, 'x', ...['a', 'b', 'c'].map((statisticId) => ({ statisticId, ...answered })));
    expect(ids(await readAt(simulator, 'x'))).toEqual(['a', 'b', 'c']);
    expect(ids(await readAt(simulator, 'x', '?statisticIds=c,a'))).toEqual(['c', 'a']);
    expect(ids(await readAt(simulator, 'x', '?statisticIds=c&statisticIds=a'))).toEqual(['c', 'a']);
    expect(ids(await readAt(simulator, 'x', '?statisticIds=a%2Cb&statisticIds=b,+nobody+,'))).toEqual(['a', 'b']);
    expect(ids(await readAt(simulator, 'x', '?statisticIds=nobody'))).toEqual([]);
    expect(ids(await readAt(simulator, 'x', '?statisticIds='))).toEqual(['a', 'b', 'c']);
  });

  it('with verbose OFF leaves out name, objectId and objectType', async () => {
    const simulator = await start();
    await openAt(simulator, 'x', { statisticId: 'a', ...answered });
    expect(Object.keys((await readAt(simulator, 'x', '?verbose=OFF')).json.data.statistics[0]).sort()).toEqual(['statisticId', 'timestamp', 'value']);
    expect((await readAt(simulator, 'x', '?verbose=INFO')).json.data.statistics[0]).toMatchObject(answered);
    expect((await readAt(simulator, 'x', '?verbose=LOUD')).status).toBe(400);
  });

  it('follows the clock', async () => {
    const simulator = await start();
    await openAt(simulator, 'x', { statisticId: 'a', name: 'LoginDuration', objectId: 'AllAgents', objectType: 'GroupAgents' });
    const first = await readAt(simulator, 'x');
    expect((await readAt(simulator, 'x')).text).toBe(first.text);
    simulator.advance(60_000);
    expect((await readAt(simulator, 'x')).text).not.toBe(first.text);
  });

  it('of a subscription that is not there: 404 with an envelope', async () => {
    const simulator = await start();
    expect(await readAt(simulator, 'nobody')).toMatchObject({
      status: 404, json: { status: { code: 404 }, errors: [{ status: { code: 404 } }], path: '/statistics/v3/subscriptions/nobody/statistic-values' },
    });
  });

  it('knows any id by its encoded form', async () => {
    const simulator = await start();
    for (const id of ['op 1/ü', 'a+b', '%', '..', 'a,b', '__proto__', '🐈']) {
      expect((await openAt(simulator, id, { statisticId: id, ...answered })).status, id).toBe(200);
      expect(ids(await readAt(simulator, id)), id).toEqual([id]);
      expect((await closeAt(simulator, id)).status).toBe(200);
    }
    expect(simulator.ledger.open).toEqual([]);
  });
});

it('DELETE /subscriptions/{id} always succeeds, and removes', async () => {
  const simulator = await start();
  await openAt(simulator, 'x', answered);
  expect(await closeAt(simulator, 'x')).toMatchObject({ status: 200, json: { status: { code: 0 } } });
  expect((await readAt(simulator, 'x')).status).toBe(404);
  expect((await closeAt(simulator, 'x')).status).toBe(200);
  expect((await closeAt(simulator, 'never')).status).toBe(200);
  expect(simulator.ledger.deleted).toEqual(['x']);
});

describe('GET /statistic-values/{name}', () => {
  it('gives one value', async () => {
    const simulator = await start();
    expect(await peekAt(simulator, 'Total_Answered', sales)).toMatchObject({
      status: 200, json: { status: { code: 0 }, data: { statistic: { ...answered, timestamp: expect.any(Number), value: { tag: -1 } } } },
    });
  });

  it('404 for an unknown name, 400 for what else is wrong', async () => {
    const simulator = await start();
    expect(await peekAt(simulator, 'No Such/Thing', sales)).toMatchObject({ status: 404, json: { status: { code: 404 } } });
    expect((await peekAt(simulator, 'Total_Answered', { ...sales, objectId: 'nobody' })).status).toBe(400);
    expect((await peekAt(simulator, 'Total_Answered', kim)).status).toBe(400);
    expect((await ask(simulator, '/statistic-values/Total_Answered')).status).toBe(400);
    expect((await ask(simulator, '/statistic-values/Total_Answered?objectId=Sales%40SIP&objectType=')).status).toBe(400);
  });
});

describe('POST /operations/get-statistic-ex', () => {
  const peekAll = (...statistics: unknown[]) => post({ data: { statistics } });

  it('gives many, without ids', async () => {
    const simulator = await start();
    const { status, json } = await ask(simulator, '/operations/get-statistic-ex', peekAll(answered, { name: 'LoginDuration', ...kim }));
    expect(status).toBe(200);
    expect(json.data.statistics).toMatchObject([answered, { name: 'LoginDuration', ...kim }]);
    expect(json.data.statistics[0]).not.toHaveProperty('statisticId');
  });

  it('knows configured names only, and refuses all for one', async () => {
    const simulator = await start();
    const definition = { category: 'TotalNumber', subject: 'DNAction', mainMask: 'CallAnswered' };
    for (const wrong of [{ ...sales, definition }, { ...answered, name: 'NoSuch' }, { ...answered, objectId: '' }, 7]) {
      const { status, json } = await ask(simulator, '/operations/get-statistic-ex', peekAll(answered, wrong));
      expect(status).toBe(400);
      expect(json.errors[0].status.message).toMatch(/^statistics\[1\]: /);
    }
  });
});

describe('requests that lead nowhere', () => {
  it.each([
    ['GET', '/subscriptions', 405], ['PUT', '/subscriptions/x', 405], ['POST', '/statistic-values/x', 405], ['GET', '/operations/get-statistic-ex', 405],
    ['DELETE', '/subscriptions/x/statistic-values', 405], ['GET', '/notifications', 405],
    ['GET', '', 404], ['GET', '/', 404], ['GET', '/nothing', 404], ['POST', '/operations/other', 404], ['DELETE', '/subscriptions/', 404],
    ['GET', '/subscriptions/x/other', 404], ['GET', '/subscriptions/x/statistic-values/more', 404], ['GET', '/statistic-values/a/b', 404],
    ['GET', '/subscriptions/%E0%A4%A/statistic-values', 400], ['GET', '/statistic-values/%', 400],
    ['GET', '/statistic-values/Total_Answered?objectId=%zz&objectType=Queue', 400], ['GET', '/subscriptions/x/statistic-values?statisticIds=%', 400],
  ])('%s %s: %i', async (method, path, status) => {
    const simulator = await start();
    const reply = await ask(simulator, path, { method });
    expect(reply).toMatchObject({ status, json: { status: { code: status }, errors: [{}] } });
    if (status === 405) expect(reply.headers['allow']).toMatch(/OPTIONS/);
    expect((await peekAt(simulator, 'Total_Answered', sales)).status).toBe(200);
  });
});

describe('credentials', () => {
  it('a key is asked of every request: 403', async () => {
    const simulator = await start({ apiKey: 'the-key' });
    expect(await openAt(simulator, 'x', answered)).toMatchObject({ status: 403, json: { status: { code: 403 } } });
    expect((await ask(simulator, '/nothing')).status).toBe(403);
    expect((await ask(simulator, '/nothing', { headers: { 'x-api-key': 'another-key' } })).status).toBe(403);
    expect((await ask(simulator, '/notifications', post([]))).status).toBe(403);
    expect((await ask(simulator, '/nothing', { headers: { 'x-api-key': 'the-key' } })).status).toBe(404);
    expect((await ask(simulator, '/subscriptions', { method: 'OPTIONS' })).status).toBe(204);
  });

  it('a token likewise: 401; it can expire, and a new one takes its place', async () => {
    const simulator = await start({ token: 'one' });
    const status = async (authorization: string) => (await ask(simulator, '/subscriptions/x', { method: 'DELETE', headers: { authorization } })).status;
    expect(await status('Bearer one')).toBe(200);
    expect(await status('bearer one')).toBe(200);
    expect(await status('Bearer two')).toBe(401);
    const refused = await closeAt(simulator, 'x');
    expect(refused).toMatchObject({ status: 401, headers: { 'www-authenticate': 'Bearer' } });
    expect(simulator.expireToken('two')).toBe('two');
    expect(await status('Bearer one')).toBe(401);
    expect(await status('Bearer two')).toBe(200);
    expect(await status(`Bearer ${simulator.expireToken()}`)).toBe(200);
    expect(await status('Bearer two')).toBe(401);
  });
});

describe('browsers', () => {
  it('get their preflight answered, with the headers they ask for', async () => {
    const simulator = await start();
    const { status, headers, text } = await ask(simulator, '/subscriptions/x', {
      method: 'OPTIONS',
      headers: {
        origin: 'https://wallboard.example', 'access-control-request-method': 'DELETE', 'access-control-request-headers': 'X-Tenant, x-api-key, bad header',
      },
    });
    expect([status, text]).toEqual([204, '']);
    expect(headers).toMatchObject({
      'access-control-allow-origin': 'https://wallboard.example', 'access-control-allow-credentials': 'true',
      'access-control-allow-methods': 'GET, POST, DELETE, OPTIONS', 'access-control-max-age': expect.stringMatching(/^\d+$/), vary: 'Origin',
    });
    const allowed = String(headers['access-control-allow-headers']).split(', ');
    expect(allowed).toEqual(expect.arrayContaining(['x-api-key', 'authorization', 'content-type', 'accept', 'x-b3-traceid', 'x-b3-spanid', 'x-tenant']));
    expect(allowed).not.toContain('bad header');
    expect(headers).not.toHaveProperty('set-cookie');
  });

  it('may read every answer, errors too', async () => {
    const simulator = await start({ apiKey: 'k' });
    const { status, headers } = await ask(simulator, '/nothing', { headers: { origin: 'http://localhost:4200' } });
    expect(status).toBe(403);
    expect(headers['access-control-allow-origin']).toBe('http://localhost:4200');
    expect((await ask(simulator, '/nothing')).headers).not.toHaveProperty('access-control-allow-origin');
  });
});

it('a session cookie is set on the first answer, and not again', async () => {
  const simulator = await start();
  const first = await closeAt(simulator, 'x');
  const [cookie] = first.headers['set-cookie'] as string[];
  expect(cookie).toMatch(/^STATISTICS_SESSIONID=[\w-]+; Path=\/statistics\/v3; HttpOnly$/);
  const next = await ask(simulator, '/subscriptions/x', { method: 'DELETE', headers: { cookie: `other=1; ${cookie?.split(';')[0] ?? ''}` } });
  expect(next.headers).not.toHaveProperty('set-cookie');
});
