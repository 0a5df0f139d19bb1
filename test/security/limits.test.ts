/**
 * What a server may send is bounded in size, depth and count (F17, F18, F53), so that no answer takes the process with it,
 * nor does any number of them. `SECURITY.md` lists the limits and where each has its home.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { StatisticsApiError, StatisticsNetworkError } from '../../src/index.js';
import { readDefinition } from '../../src/model/definition.js';
import { noIds } from '../../src/upstream/answer/ids.js';
import { createMatcher } from '../../src/upstream/answer/match.js';
import { isParsable } from '../../src/wire/bounds.js';
import { startHostileServer, type Arrived, type Reply } from '../support/hostile-server.js';
import { eventsOf, record, sales, startClient, until } from '../support/journey.js';

const megabyte = 1024 * 1024;
const bytes = 15 * megabyte;

/** As JSON.parse has it: 15 MiB of each would become some 350 to 600. */
const heavy: Record<string, string> = {
  'lists in lists': `${'['.repeat(bytes / 2)}${']'.repeat(bytes / 2)}`,
  'objects in objects': `${'{"a":'.repeat(bytes / 6)}1${'}'.repeat(bytes / 6)}`,
  'empty lists': `[${'[],'.repeat(bytes / 3)}[]]`,
  'empty statistics': `{"status":{"code":0},"data":{"statistics":[${'{},'.repeat(bytes / 3)}{}]}}`,
};

describe('F117: brackets without number', () => {
  it.each(Object.keys(heavy))('%s are refused before they are parsed', async (what) => {
    const body = heavy[what] ?? '';
    expect(isParsable(body)).toBe(false);
    const packed = gzipSync(body);
    const server = await startHostileServer(() => ({ headers: { 'content-encoding': 'gzip' }, body: packed }));
    const error = await startClient(server.url, { request: { timeout: 10_000 } }).api.readSubscription('op-1').catch((reason: unknown) => reason as Error);
    expect(error).toBeInstanceOf(StatisticsNetworkError);
    expect((error as Error).message).toContain('answered 200 with no usable JSON: ');
  });

  it('a large answer that means something is none of these', () => {
    const statistic = { statisticId: 'ab12cd34.1', timestamp: 1_795_453_483_316, value: { intValue: 0 } };
    const state = { statisticId: 'x', value: { status: 4, agent: { devices: [{ status: 4, media: [{ type: 'voice', '[{"{[': '\\"[[[[{{{{' }] }] } } };
    const text = JSON.stringify({ status: { code: 0 }, data: { statistics: Array.from({ length: 50_000 }, (_, index) => (index % 2 === 0 ? statistic : state)) } });
    expect(text.length).toBeGreaterThan(4 * megabyte);
    expect(isParsable(text)).toBe(true);
    expect(isParsable(`"${'x'.repeat(2 * megabyte)}`)).toBe(true);
  });

  it('neither on opening, nor in one value of a poll, do they take a process that has 200 MB', async () => {
    let polls = 0;
    const withValue = ({ usual }: Arrived, value: string): Reply => ({
      headers: { 'content-encoding': 'gzip' },
      body: gzipSync(JSON.stringify(usual).replace('{"intValue":1}', value)),
    });
    const opened: string[] = [];
    const server = await startHostileServer((request) => {
      if (request.method === 'POST') {
        opened.push(request.body);
        return opened.length < 3 ? withValue(request, heavy[Object.keys(heavy)[opened.length] ?? ''] ?? '') : undefined;
      }
      polls += request.method === 'GET' ? 1 : 0;
      return request.method === 'GET' && [2, 3].includes(polls) ? withValue(request, heavy['lists in lists'] ?? '') : undefined;
    });
    const program = `
      import { createStatisticsClient } from 'genesys-statistics-rx';
      const client = createStatisticsClient({ baseUrl: '${server.url}', retry: { minTimeout: 10, maxTimeout: 50 }, poll: { interval: 20, maxInterval: 20 } });
      let polled = 0;
      client.events$.subscribe(({ type }) => type === 'polled' && ++polled === 3 && client.close().then(() => console.log('closed')));
      client.statistic$('Total_Answered', { objectId: 'Sales@SIP', objectType: 'Queue' }).subscribe(({ value }) => console.log(value.intValue));
    `;
    const child = spawn(process.execPath, ['--max-old-space-size=200', '--input-type=module', '--eval', program], { cwd: new URL('../..', import.meta.url) });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const [code] = (await once(child, 'close')) as [number | null];
    expect([output, code]).toEqual(['1\nclosed\n', 0]);
    // Two that cannot be used, one that can, and one more after two polls in a row that cannot.
    expect(opened).toHaveLength(4);
    expect(polls).toBeGreaterThanOrEqual(5);
  });
});

describe('statistics that nobody asked for', () => {
  const extra = (count: number): object[] => Array.from({ length: count }, (_, index) => ({ statisticId: `x${index}`, name: 'X', objectId: 'x', objectType: 'Queue', value: index }));

  it('F68: are ignored, a thousand of them', async () => {
    const server = await startHostileServer(({ usual, method }) => (method === 'DELETE' ? undefined : { body: { ...usual, data: { ...usual.data, statistics: [...extra(1000), ...(usual.data?.['statistics'] as object[])] } } }));
    const one = record(startClient(server.url).statistic$('Total_Answered', sales));
    await until('a value', () => one.values.length === 1);
  });

  it('F18: but not looked through without end: such an answer is no answer, and what it opened is deleted by its own id', async () => {
    let hostile = true;
    const server = await startHostileServer(({ usual, method }) => {
      const answer = { ...usual, data: { ...usual.data, subscriptionId: 'its-own', statistics: extra(5000) } };
      const given = hostile && method === 'POST' ? { body: answer } : undefined;
      hostile &&= method !== 'POST';
      return given;
    });
    const client = startClient(server.url);
    const retrying = eventsOf(client, 'retrying');
    const one = record(client.statistic$('Total_Answered', sales));
    await until('a value', () => one.values.length === 1);
    expect(retrying[0]?.error.message).toBe('the answer holds 5000 statistics, and 1 were asked for');
    await until('it is deleted', () => server.requests.some(({ method, target }) => method === 'DELETE' && target.endsWith('/its-own')));
  });
});

describe('F118: ids that a server makes up', () => {
  const definition = readDefinition({ name: 'a', ...sales });
  const entry = (statisticId: string) => ({ statisticId, name: 'a', ...sales, value: 1 });
  /** Whether the id is remembered: it belongs to its statistic though nothing else tells. */
  const knows = (matcher: ReturnType<typeof createMatcher>, statisticId: string): boolean => {
    // Or the place in the last answer would tell.
    matcher.match([]);
    return matcher.match([{ statisticId, value: 2 }]).readings[0] !== undefined;
  };

  it('are remembered, but not all that were ever seen', () => {
    const matcher = createMatcher([definition], noIds);
    for (let round = 0; round < 1000; round++) {
      expect(matcher.match([entry(`made-up-${round}`)]).readings[0]).toBeDefined();
    }
    expect(knows(matcher, 'made-up-999')).toBe(true);
    expect(knows(matcher, 'made-up-996')).toBe(true);
    expect(knows(matcher, 'made-up-10')).toBe(false);
  });

  it('nor one of a megabyte, whose statistic is matched by its name', () => {
    const matcher = createMatcher([definition], noIds);
    const id = 'x'.repeat(megabyte);
    expect(matcher.match([entry(id)]).readings[0]).toBeDefined();
    expect(knows(matcher, id)).toBe(false);
    expect(matcher.seenAll()).toBe(false);
    matcher.match([]);
    expect(matcher.match([entry(id)]).readings[0]).toBeDefined();
  });
});

describe('what an error keeps of an answer', () => {
  it.each([200, 500])('F100: is short, however much a %i says', async (status) => {
    const long = 'x'.repeat(2 * megabyte);
    const said = { code: 7, message: long, detail: { long } };
    const server = await startHostileServer(() => ({ status, body: { status: said, path: long, errors: Array.from({ length: 1000 }, () => ({ status: said.code })) } }));
    const error = await startClient(server.url, { request: { timeout: 10_000 } }).api.readSubscription('op-1').catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(StatisticsApiError);
    const { message, path = '', detail } = error as StatisticsApiError;
    expect(message.length).toBeLessThan(300);
    expect(path.length).toBeLessThan(300);
    expect(detail).toBeUndefined();
  });

  it('and so is one that nests too deeply to be shown', async () => {
    const detail = `${'['.repeat(5000)}${']'.repeat(5000)}`;
    const server = await startHostileServer(() => ({ status: 500, body: `{"status":{"code":7,"message":"no","detail":${detail}}}` }));
    await expect(startClient(server.url).api.readSubscription('op-1')).rejects.toMatchObject({ code: 7, detail: undefined });
  });
});

describe('F53: cookies', () => {
  it('never make a request that a server refuses for its headers', async () => {
    // Four at a time fit into the headers of an answer; together they would not into those of a request.
    let round = 0;
    const cookies = (): string[] => Array.from({ length: 4 }, (_, index) => `c${round}-${index}=${'x'.repeat(3000)}; Path=/`);
    const server = await startHostileServer(() => ({ headers: { 'set-cookie': cookies() } }));
    const { api } = startClient(server.url);
    for (; round < 8; round++) {
      await api.closeSubscription('op-1');
    }
    expect(Math.max(...server.requests.map(({ headers }) => headers.cookie?.length ?? 0))).toBeLessThanOrEqual(8192);
  });
});
