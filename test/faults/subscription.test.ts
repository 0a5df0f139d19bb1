/** F28 to F50, F106 to F109, F114: misleading or wrong answers of servers and gateways about subscriptions. */
import { describe, expect, it } from 'vitest';
import { numeric } from '../../src/index.js';
import { eventsOf, record, sales, startClient, support, until } from '../support/journey.js';
import { errorsOf, survives, poison, reads, startLive } from '../support/ordeal.js';
import { altered, createNode, envelope, lose, startScriptedServer, take, type Action, type Asked } from '../support/scripted-server.js';

/** The correct answer with a modified list of statistics. */
const relisted = (change: (statistics: Record<string, unknown>[]) => unknown): Action =>
  altered(({ body }) => {
    const { data } = JSON.parse(String(body)) as { data: { statistics: Record<string, unknown>[] } };
    return { body: envelope({ ...data, statistics: change(data.statistics) }) };
  });

describe('F28: a 200 without data', () => {
  it.each<[string, Action]>([
    ['missing', altered(() => ({ body: envelope(undefined) }))],
    ['null', altered(() => ({ body: envelope(null) }))],
    ['a list', altered(() => ({ body: envelope([]) }))],
    ['a text', altered(() => ({ body: envelope('none') }))],
    ['F108: missing, because the answer is a maintenance page as JSON', altered(() => ({ body: '{"error":"maintenance","until":"06:00"}' }))],
  ])('%s: an open is tried again, and the subscription it opened is deleted; a poll causes a re-open', async (_, fault) => {
    const { server } = await survives(fault, { reports: /answered 200 without data$/ });
    // One opening failed, one succeeded, and at least one more followed the polls.
    expect(server.node.opened.length).toBeGreaterThan(2);
  });
});

describe('F155: an opening that is accepted before its list exists', () => {
  it.each<[string, (id: string) => unknown]>([
    ['without statistics', (id) => envelope({ subscriptionId: id })],
    ['with null for statistics', (id) => envelope({ subscriptionId: id, statistics: null })],
    ['with statistics that are no list', (id) => envelope({ subscriptionId: id, statistics: {} })],
    ['without an id either', () => envelope({})],
    ['with code 1 and no data', () => JSON.stringify({ status: { code: 1, message: 'accepted' } })],
  ])('%s: the subscription is open, and the first poll brings the values', async (_, bodyFor) => {
    const server = await startScriptedServer();
    server.script = ({ operation, body }) =>
      operation === 'open'
        ? ({ serve, send }) => {
            serve();
            send({ body: bodyFor((JSON.parse(body) as { operationId: string }).operationId) as string });
          }
        : undefined;
    const client = startClient(server.url);
    const one = record(client.statistic$('Total_Answered', sales).pipe(numeric()));
    await until('a value', () => one.values.length === 1);
    one.unsubscribe();
    await client.close();
    expect(server.of('open')).toHaveLength(1);
    expect(server.node.deleted).toEqual(server.node.opened);
  });
});

describe('F29: errors[] beside data', () => {
  const failures = [{ status: { code: 12, message: 'no such statistic on this queue' } }];
  const partial = (missing: string): Action => ({ serve, send }) => {
    const { data } = JSON.parse(String(serve().body)) as { data: { statistics: Asked[] } };
    send({ body: JSON.stringify({ status: { code: 0 }, errors: failures, data: { ...data, statistics: data.statistics.filter(({ name }) => name !== missing) } }) });
  };

  it('answered statistics are used; one that never comes is rejected with the message of the server, and others are not affected', async () => {
    const server = await startScriptedServer();
    server.script = take(['open', 'read'], partial('Missing'));
    const client = startClient(server.url);
    const good = record(client.statistic$('Total_Answered', sales).pipe(numeric()));
    const bad = record(client.statistic$('Missing', sales));
    const set = record(client.subscription$({ there: { name: 'Other', ...sales }, missing: { name: 'Missing', ...support } }));
    await until('both are rejected', () => bad.error !== undefined && set.error !== undefined);
    for (const { error } of [bad, set]) {
      expect(error).toMatchObject({
        name: 'StatisticRejectedError',
        message: expect.stringContaining('no such statistic on this queue') as string,
        definitions: [{ name: 'Missing' }],
        cause: { name: 'StatisticsApiError', httpStatus: 200, code: 12 },
      });
    }
    server.node.values['Total_Answered'] = 5;
    await until('the change', () => good.values.length === 2);
    expect(good.values).toEqual([0, 5]);
  });

  it('errors[] beside all requested statistics have no effect', async () => {
    await survives(partial('Another'), { reports: undefined });
  });
});

describe('F32: other answers for an unknown subscription', () => {
  it.each<[number, string]>([
    [400, envelope(undefined, { code: 400, message: 'Invalid subscription id' })],
    [400, 'Bad Request'],
    [403, envelope(undefined, { code: 53, message: 'Not your subscription' })],
    [403, '<html>forbidden</html>'],
    [409, ''],
    [410, '{}'],
    [422, '{"status":422}'],
  ])('%i %s: opened anew at once, under another id', async (status, body) => {
    const { server, client, one, health } = await startLive();
    const retrying = eventsOf(client, 'retrying');
    server.script = take('read', { status, body }, 1);
    server.node.values['Total_Answered'] = 2;
    await until('the change', () => one.values.length === 2);
    await reads(server, 1);
    expect(retrying).toEqual([]);
    expect(new Set(server.node.opened).size).toBe(2);
    expect(server.node.deleted).toEqual(server.node.opened.slice(0, 1));
    expect([one.error, health.values.at(-1)?.status]).toEqual([undefined, 'live']);
  });
});

describe('F36: a server that repeats the same answer for ever', () => {
  // A frozen server looks like a quiet night: neither values nor timestamps have to change. So its values count as live.
  const staleAfter = 600;

  it('is trusted: values that do not change are not stale, and are not opened anew', async () => {
    const { server, client, one, health } = await startLive({ poll: { interval: 5, maxInterval: 5, staleAfter } });
    const states = record(client.statisticState$('Total_Answered', sales));
    let frozen: { body?: string | Buffer } | undefined;
    server.script = take('read', ({ serve, send }) => send((frozen ??= serve())));
    const since = server.of('read').at(-1)?.at ?? 0;
    await until('a poll long after staleAfter', () => (server.of('read').at(-1)?.at ?? 0) > since + 2 * staleAfter);
    expect(states.values.map(({ status }) => status)).toEqual(['live']);
    expect(server.of('open')).toHaveLength(1);
    expect([one.values, errorsOf(health)]).toEqual([[1], []]);
  });
});

describe('F49: a server that makes up its ids', () => {
  it('F114: a lost answer holds an id that the client never learns: exactly one orphan stays open', async () => {
    const node = createNode('server');
    const server = await startScriptedServer({ node });
    server.script = take('open', lose, 1);
    const client = startClient(server.url);
    const one = record(client.statistic$('Total_Answered', sales));
    await until('a value', () => one.values.length === 1);
    await client.close();
    expect(node.opened).toEqual(['made-1', 'made-2']);
    const [first] = server.of('open').map(({ body }) => (JSON.parse(body) as { operationId: string }).operationId);
    // The client does what it can: it sends a DELETE for the operationId.
    expect(new Set(node.deleted)).toEqual(new Set([first, 'made-2']));
    expect([...node.open.keys()]).toEqual(['made-1']);
  });
});

describe('F50: statistics that come back in another form than requested', () => {
  const foreign = { statisticId: 'not-ours', name: 'Foreign', objectId: 'x', objectType: 'Queue', timestamp: 0, value: { intValue: poison } };

  it.each<[string, Action]>([
    ['in another order', relisted((statistics) => statistics.toReversed())],
    ['with others between them', relisted((statistics) => statistics.flatMap((each) => [foreign, each, { ...foreign, statisticId: 7 }]))],
    ['with items that are no statistics', relisted((statistics) => [null, 'x', 7, [], ...statistics, {}])],
    ['twice, each second one with another value', relisted((statistics) => [...statistics, ...statistics.map((each) => ({ ...each, value: { intValue: poison } }))])],
    ['with ids of the server', relisted((statistics) => statistics.map((each, index) => ({ ...each, statisticId: `its-own-${index}` })))],
    ['without ids', relisted((statistics) => statistics.map(({ statisticId: _, ...each }) => each))],
    ['without names and objects', relisted((statistics) => statistics.map(({ statisticId, timestamp, value }) => ({ statisticId, timestamp, value })))],
    ['renamed, their ids kept', relisted((statistics) => statistics.map((each) => ({ ...each, name: 'Total_Answered', objectId: 'Other@SIP' })))],
  ])('%s: each value reaches its own stream', async (_, action) => {
    const server = await startScriptedServer();
    server.script = take(['open', 'read'], action);
    Object.assign(server.node.values, { A: 1, B: 2, C: 3 });
    const client = startClient(server.url);
    const ones = ['A', 'B', 'C'].map((name) => record(client.statistic$(name, sales).pipe(numeric())));
    const set = record(client.subscription$({ b: { name: 'B', ...support }, a: { name: 'A', ...support } }));
    await until('all have a value', () => set.values.length === 1 && ones.every(({ values }) => values.length === 1));
    Object.assign(server.node.values, { A: 11, B: 12, C: 13 });
    await until('all have the change', () => set.values.length === 2 && ones.every(({ values }) => values.length === 2));
    expect(ones.map(({ values }) => values)).toEqual([[1, 11], [2, 12], [3, 13]]);
    expect(set.values).toMatchObject([{ a: { value: { intValue: 1 } }, b: { value: { intValue: 2 } } }, { a: { value: { intValue: 11 } }, b: { value: { intValue: 12 } } }]);
    expect(server.of('open'), 'one subscription holds them all').toHaveLength(1);
  });
});

describe('F106: one of two nodes fails', () => {
  it('every other request fails: values keep coming, and nothing is opened anew', async () => {
    const { server, one } = await startLive();
    let turn = 0;
    server.script = ({ operation }) => (operation === 'read' && ++turn % 2 === 0 ? { status: 503, body: 'no healthy upstream' } : undefined);
    for (let value = 2; value <= 8; value++) {
      server.node.values['Total_Answered'] = value;
      await until(`value ${value}`, () => one.values.at(-1) === value);
    }
    expect(one.values).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(server.of('open')).toHaveLength(1);
  });
});

describe('F107: a gateway that swaps answers', () => {
  it('I10: an answer about another subscription is never emitted; our subscription is opened anew', async () => {
    const { server, client, one } = await startLive({ batch: { size: 1 } });
    server.node.values['Other'] = poison;
    const other = record(client.subscription$([{ name: 'Other', ...support }]));
    await until('both live', () => other.values.length === 1 && new Set(server.of('read').map(({ id }) => id)).size === 2);
    const [mine = '', others = ''] = server.node.opened;
    server.script = ({ operation, id }) =>
      operation === 'read' && id === mine
        ? ({ request, send }) => send(server.node.serve({ ...request, id: others, target: request.target.replace(mine, others) }))
        : undefined;
    server.node.values['Total_Answered'] = 2;
    await until('the change', () => one.values.length === 2);
    expect(one.values).toEqual([1, 2]);
    expect(other.values).toHaveLength(1);
    expect(server.of('open')).toHaveLength(3);
    await until('the other one is deleted', () => server.node.deleted.length === 1);
    expect(server.node.deleted).toEqual([mine]);
  });
});

describe('F109: a proxy that blocks DELETE', () => {
  it.each([405, 501])('%i: the open subscription is reported as orphaned, not as deleted', async (status) => {
    const { server, client, one } = await startLive();
    const [orphaned, deleted] = [eventsOf(client, 'orphaned'), eventsOf(client, 'deleted')];
    server.script = take('close', { status, body: 'Method Not Allowed' });
    one.unsubscribe();
    await until('it is reported', () => orphaned.length === 1);
    expect(orphaned[0]).toMatchObject({ subscriptionId: server.node.opened[0], error: { httpStatus: status } });
    expect(deleted).toEqual([]);
    expect(server.of('close')).toHaveLength(4);
    server.script = undefined;
    await client.close();
    expect(server.node.open.size).toBe(1);
  });

  it('a 404 counts as deleted', async () => {
    const { server, client, one } = await startLive();
    const deleted = eventsOf(client, 'deleted');
    server.script = take('close', { status: 404 });
    one.unsubscribe();
    await until('it is reported', () => deleted.length === 1);
    expect(server.of('close')).toHaveLength(1);
  });
});
