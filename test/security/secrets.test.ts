/**
 * F97, I22: no secret shows in anything a client gives: errors of every class and their causes, events, health, states, what
 * is thrown at once, and what an inspection of any of it finds, hidden properties too. Servers here echo what they were sent,
 * in every place of an answer and as their encoders would write it; transports and token functions quote it in what they throw.
 *
 * What is looked for is the mark that all secrets of the tests carry (`test/support/canary.ts`). That the echoes hold it is
 * asserted, and that the search finds one wherever it may hide is a test of its own: without these all of it could pass idly.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import {
  createStatisticsClient, StatisticRejectedError, StatisticsApiError, StatisticsError, StatisticsNetworkError, StatisticsOptionError,
  type StatisticsClient, type TransportRequest,
} from '../../src/index.js';
import { canary, mark } from '../support/canary.js';
import { startHostileServer, type Arrived, type Reply } from '../support/hostile-server.js';
import { kim, record, sales, startClient, support, until } from '../support/journey.js';

/** With all that encoders change. */
const hard = '/+=&<>"\'\\.~-_%20==';
/** No answer is too late, however busy the machine is. */
const request = { timeout: 120_000 };
const secrets = {
  apiKey: canary(`key${hard}`),
  token: canary(`token${hard}`),
  headers: { 'x-tenant': `Basic ${canary('tenant==')}`, cookie: `mine=${canary('cookie')}; other=${canary('other')}` },
};

/** Whatever can be seen of a thing: printed, as JSON, and by walking it. */
function everythingOf(thing: unknown): string {
  const texts: string[] = [inspect(thing, { depth: 20, showHidden: true, showProxy: true, getters: true, maxStringLength: null, maxArrayLength: null })];
  const seen = new Set<unknown>();
  const walk = (node: unknown): void => {
    if (typeof node === 'string' || typeof node === 'symbol') {
      texts.push(String(node));
    }
    if ((typeof node !== 'object' && typeof node !== 'function') || node === null || seen.has(node) || seen.size > 20_000) {
      return;
    }
    seen.add(node);
    if (node instanceof Error) {
      texts.push(node.name, node.message, node.stack ?? '', String(node));
    }
    for (const key of Reflect.ownKeys(node)) {
      walk(key);
      try {
        walk((node as Record<PropertyKey, unknown>)[key]);
      } catch {
        // A getter that throws shows nothing.
      }
    }
  };
  walk(thing);
  try {
    texts.push(JSON.stringify(thing));
  } catch {
    // What is no usable JSON is seen otherwise.
  }
  return texts.join('\n');
}

function expectNoSecret(...things: unknown[]): void {
  const text = things.map(everythingOf).join('\n');
  // Not by `toContain`, which would print all of it.
  const at = text.indexOf(mark);
  expect(at < 0 ? 'no secret' : text.slice(Math.max(0, at - 120), at)).toBe('no secret');
}

async function failureOf(call: Promise<unknown>): Promise<unknown> {
  return call.then((value) => ({ value }), (error: unknown) => error);
}

/** All five endpoints, each once: their failures. */
function allFailures({ api }: StatisticsClient): Promise<unknown[]> {
  return Promise.all([
    failureOf(api.openSubscription('op-1', [{ statisticId: 's1', name: 'a', ...sales }])),
    failureOf(api.readSubscription('op-1')),
    failureOf(api.closeSubscription('op-1')),
    failureOf(api.getStatistic('a', sales)),
    failureOf(api.getStatistics([{ name: 'a', ...sales }])),
  ]);
}

const escaped = (text: string, escape: (code: number) => string): string => text.replace(/[^0-9A-Za-z]/g, (each) => escape(each.charCodeAt(0)));
const hex = (code: number, length: number): string => code.toString(16).padStart(length, '0');

/** How somebody writes a text. */
const writers: Record<string, (text: string) => string> = {
  'as it stands': (text) => text,
  'as JSON': (text) => JSON.stringify(text).slice(1, -1),
  'as a cautious JSON': (text) => escaped(text, (code) => `\\u${hex(code, 4)}`),
  'as JSON with slashes': (text) => JSON.stringify(text).slice(1, -1).replaceAll('/', '\\/'),
  'as a URL': encodeURIComponent,
  'as a cautious URL': (text) => escaped(text, (code) => `%${hex(code, 2)}`),
  'as HTML': (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;'),
  'as a cautious HTML': (text) => escaped(text, (code) => `&#x${hex(code, 2)};`),
  'in small letters': (text) => text.toLowerCase(),
};

/** What was sent: each header whole, by its words, and without the names of cookies. */
function sentBy({ headers }: Arrived): string {
  const values = ['x-api-key', 'authorization', 'x-tenant', 'cookie'].flatMap((name) => headers[name] ?? []).map(String);
  const words = values.flatMap((value) => value.split(/[ ;]+/));
  const secret = [...values, ...words, ...words.map((word) => word.slice(word.indexOf('=') + 1))].filter((text) => text.includes(mark));
  return [...new Set(secret)].join(' and ');
}

/** Where a server may put it. `text` is JSON's text already. */
const echoes: Record<string, (text: string) => Reply> = {
  'a message': (text) => ({ status: 500, body: `{"status":{"code":7,"message":"refused ${text}"}}` }),
  'a message of a success': (text) => ({ status: 200, body: `{"status":{"code":7,"message":"refused ${text}"}}` }),
  'a detail': (text) => ({ status: 500, body: `{"status":{"code":7,"message":"refused","detail":{"headers":["${text}",{"${text}":{"a":"${text}"}}]}}}` }),
  'a path': (text) => ({ status: 500, body: `{"status":{"code":7,"message":"refused"},"path":"/x?${text}"}` }),
  'a list of errors': (text) => ({ status: 400, body: `{"errors":[{"status":{"code":3,"message":"refused ${text}"}}]}` }),
  'a Spring error': (text) => ({ status: 500, body: `{"status":500,"message":"refused ${text}","path":"${text}"}` }),
  'a page': (text) => ({ status: 502, body: `<html>refused <pre>${text}</pre></html>` }),
  'a page in a success': (text) => ({ status: 200, body: `refused ${text}` }),
  'a redirect': (text) => ({ status: 302, headers: { location: `https://login.example/?state=${encodeURIComponent(text)}` }, body: `refused <a href="${text}">${text}</a>` }),
  'the reason of a status': (text) => ({ status: 503, statusMessage: `refused ${text.replace(/[^\x20-\x7e]/g, ' ')}`, body: '' }),
  'a body in halves': (text) => ({ status: 500, body: `{"status":{"code":7,"message":"refused ${text}` }),
};

describe('F97: a server that echoes', () => {
  describe.each(Object.keys(writers))('%s', (writer) => {
    it.each(Object.keys(echoes))('in %s: no failure shows it', async (place) => {
      let echoed = '';
      let round = 0;
      const server = await startHostileServer((request) => {
        const text = writers[writer]?.(sentBy(request)) ?? '';
        const isJson = writer.includes('JSON') || place.includes('page');
        const reply = echoes[place]?.(isJson ? text : JSON.stringify(text).slice(1, -1)) ?? {};
        echoed = `${String(reply.body)} ${JSON.stringify(reply.headers)} ${reply.statusMessage ?? ''}`;
        return { ...reply, headers: { 'set-cookie': `SESSION=${canary(`session${round}`)}; Path=/`, ...reply.headers } };
      });
      const client = startClient(server.url, { ...secrets, request });
      // From the second on there is a cookie of the server, another each time.
      for (; round < 3; round++) {
        const failure = await failureOf(client.api.readSubscription('op-1'));
        expect(failure).toBeInstanceOf(StatisticsError);
        expectNoSecret(failure);
      }
      expect(echoed.toLowerCase()).toContain(mark);
      expect(echoed.toLowerCase()).toContain('session1');
    });
  });

  it('every endpoint, and every stream, is as careful', async () => {
    let status = 500;
    let echoed = '';
    const server = await startHostileServer((request) => {
      const text = JSON.stringify(sentBy(request)).slice(1, -1);
      echoed += text;
      return { status, headers: { 'set-cookie': `SESSION=${canary('session')}; Path=/` }, body: `{"status":{"code":7,"message":"refused ${text}","detail":"${text}"},"path":"${text}"}` };
    });
    for (status of [500, 400, 200, 401, 403, 404, 413, 429, 302]) {
      const client = startClient(server.url, { ...secrets, request, token: () => secrets.token });
      const events = record(client.events$);
      const health = record(client.health$);
      const streams = [
        record(client.statistic$('Total_Answered', sales)),
        record(client.subscription$([{ name: 'Total_Answered', ...support }])),
        record(client.statisticState$('InboundCalls', kim)),
        record(client.peek$('Total_Answered', sales)),
        record(client.peekAll$([{ name: 'Total_Answered', ...sales }])),
      ];
      const hasFailed = (): boolean => health.values.some(({ lastError }) => lastError !== undefined) || streams[0]?.error !== undefined;
      await until(`it has failed (${status})`, () => hasFailed() && streams.slice(3).every(({ error }) => error !== undefined));
      const failures = await allFailures(client);
      expect(failures.every((failure) => failure instanceof StatisticsApiError)).toBe(true);
      streams.forEach(({ unsubscribe }) => unsubscribe());
      await client.close();
      expectNoSecret(failures, events, health, streams, client, client.api, client.health$, client.events$);
    }
    expect(echoed).toContain(mark);
  });

  it('a hundred tokens later: neither the key nor the tokens', async () => {
    let generation = 0;
    let refuses = false;
    let echoed = '';
    const server = await startHostileServer((request) => {
      refuses = !refuses;
      echoed = sentBy(request);
      const text = JSON.stringify(echoed).slice(1, -1);
      return { status: refuses ? 401 : 500, headers: { 'set-cookie': `SESSION=${canary(`${generation}`)}; Path=/` }, body: `{"status":{"code":7,"message":"refused ${text}","detail":"${text}"}}` };
    });
    const client = startClient(server.url, { ...secrets, request, token: () => canary(`token-${++generation}`) });
    const failures: unknown[] = [];
    while (generation < 100) {
      failures.push(await failureOf(client.api.readSubscription('op-1')));
    }
    expect(echoed).toContain(secrets.apiKey);
    expect(echoed).toContain(canary('token-99'));
    expectNoSecret(failures);
  });
});

class Holder {
  readonly #hidden: string;
  constructor(readonly shown: string) {
    this.#hidden = shown;
  }
  get hidden(): string {
    return this.#hidden;
  }
}

/** A cause so many deep. */
const nested = (inner: unknown, depth: number): unknown => (depth === 0 ? inner : new Error('outer', { cause: nested(inner, depth - 1) }));

/** What a transport, or whatever it is made of, may throw when it fails. */
const quotes: Record<string, (request: TransportRequest) => unknown> = {
  'a message': ({ headers }) => new Error(JSON.stringify(headers)),
  'a property': (request) => Object.assign(new Error('x'), { config: { request } }),
  'a hidden property': (request) => Object.defineProperty(new Error('x'), 'request', { value: request, enumerable: false }),
  'a symbol\'s property': ({ headers }) => Object.assign(new Error('x'), { [Symbol('headers')]: headers }),
  'a symbol': ({ headers }) => Object.assign(new Error('x'), { a: Symbol(String(headers['x-api-key'])) }),
  'a property\'s name': ({ headers }) => Object.assign(new Error('x'), { [String(headers['x-api-key'])]: 1 }),
  'a Map': ({ headers }) => Object.assign(new Error('x'), { headers: new Map(Object.entries(headers)) }),
  'Headers': ({ headers }) => Object.assign(new Error('x'), { headers: new Headers(headers) }),
  'a Request': ({ url, headers }) => Object.assign(new Error('x'), { request: new Request(url, { headers }) }),
  'an object of a class': ({ headers }) => Object.assign(new Error('x'), { holder: new Holder(String(headers['x-api-key'])) }),
  'a getter': ({ headers }) => Object.defineProperty(new Error('x'), 'request', { get: () => headers, enumerable: true }),
  'a function': ({ headers }) => Object.assign(new Error('x'), { retry: Object.assign(() => undefined, headers) }),
  'bytes': ({ headers }) => Object.assign(new Error('x'), { data: Buffer.from(JSON.stringify(headers)), text: JSON.stringify(headers) }),
  'a Proxy': (request) => Object.assign(new Error('x'), { request: new Proxy(request, {}) }),
  'a cause': ({ headers }) => nested(new Error(JSON.stringify(headers)), 1),
  'a cause of a cause, and so on': (request) => nested(request, 12),
  'one of several errors': ({ headers }) => new AggregateError([new Error(JSON.stringify(headers))], 'x'),
  'a stack': ({ headers }) => Object.assign(new Error('x'), { stack: `Error: x\n at ${JSON.stringify(headers)}` }),
  'a code': ({ headers }) => Object.assign(new Error('x'), { code: headers['x-api-key'] }),
  'a name': ({ headers }) => Object.assign(new Error('x'), { name: headers['x-api-key'] }),
  'a DOMException': ({ headers }) => new DOMException(JSON.stringify(headers), 'NetworkError'),
  'text': ({ headers }) => JSON.stringify(headers),
  'no error at all': (request) => request,
  'nothing': () => undefined,
  'an error of ours': (request) => new StatisticsNetworkError(JSON.stringify(request), 'failed', { cause: request }),
  'another of ours': (request) => new StatisticsApiError(JSON.stringify(request), { operation: request.url, httpStatus: 500, detail: request, path: JSON.stringify(request) }),
  'what is circular': (request) => {
    const error: Error & { self?: unknown } = Object.assign(new Error('x'), { request });
    error.self = error;
    return error;
  },
  'what is large': ({ headers }) => Object.assign(new Error('x'), { list: [...Array.from({ length: 5000 }, String), headers['x-api-key']] }),
  'an error without a text': ({ headers }) => Object.assign(new Error(), { message: headers, name: 5, stack: undefined }),
};

describe('F97: a transport that quotes its request', () => {
  it.each(Object.keys(quotes))('in %s: no error shows it, and all are errors of this library', async (what) => {
    const sent: TransportRequest[] = [];
    const client = startClient('http://127.0.0.1:1', {
      ...secrets,
      transport: (request) => {
        sent.push(request);
        // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- whatever it is
        return Promise.reject(quotes[what]?.(request));
      },
    });
    const events = record(client.events$);
    const health = record(client.health$);
    const one = record(client.statistic$('Total_Answered', sales));
    await until('it is being tried again', () => events.values.filter(({ type }) => type === 'retrying').length > 1);
    const failures = await allFailures(client);
    expect(failures.map((failure) => (failure as Error).constructor)).toEqual(failures.map(() => StatisticsNetworkError));
    expect(one.error).toBeUndefined();
    expectNoSecret(failures, events, health);
    expect(JSON.stringify(sent)).toContain(mark);
  });

  it('a clean cause is kept as it is', async () => {
    const cause = Object.assign(new Error('x', { cause: new Error('y') }), { code: 'ECONNRESET', errno: -104, syscall: 'read', details: { tries: [1, 2] } });
    const { api } = startClient('http://127.0.0.1:1', { ...secrets, transport: () => Promise.reject(cause) });
    expect(((await failureOf(api.readSubscription('op-1'))) as Error).cause).toBe(cause);
  });
});

describe('F97: a token function', () => {
  const functions: Record<string, () => string | Promise<string>> = {
    'that quotes its last token': () => { throw new Error(`expired: ${secrets.apiKey}`); },
    'that throws an error of ours': () => { throw new StatisticsError(`expired: ${secrets.apiKey}`); },
    'that rejects with an answer': () => Promise.reject(Object.assign(new Error('x'), { response: { config: { headers: { 'x-api-key': secrets.apiKey } } } })),
    'that gives what fits in no header': () => `${canary('a')}\r\nx-evil: 1`,
    'that gives an object': () => ({ token: canary('a') }) as never,
    'that hangs': () => new Promise<string>(() => undefined),
  };

  it.each(Object.keys(functions))('%s', async (what) => {
    const client = startClient('http://127.0.0.1:1', { ...secrets, token: functions[what], request: { timeout: 30 }, transport: () => Promise.reject(new Error('not reached')) });
    const events = record(client.events$);
    const health = record(client.health$);
    record(client.statistic$('Total_Answered', sales));
    await until('it is reported', () => health.values.some(({ lastError }) => lastError !== undefined));
    const failures = await allFailures(client);
    expect(failures.every((failure) => failure instanceof StatisticsNetworkError)).toBe(true);
    expectNoSecret(failures, events, health);
  });

  it('that gives one too late, and quotes it when it is asked again', async () => {
    let asked = 0;
    let comesLate = (_: string): void => undefined;
    const late = new Promise<string>((resolve) => (comesLate = resolve));
    const token = async (): Promise<string> => {
      asked++;
      if (asked === 1) {
        return late;
      }
      await late;
      throw new Error(`no token after ${canary('late')}`);
    };
    const client = startClient('http://127.0.0.1:1', { ...secrets, token, request: { timeout: 30 }, transport: () => Promise.reject(new Error('not reached')) });
    const [events, health] = [record(client.events$), record(client.health$)];
    record(client.statistic$('Total_Answered', sales));
    await until('it is given up', () => health.values.some(({ lastError }) => lastError?.message.includes('gave nothing within') === true));
    comesLate(canary('late'));
    await until('it is quoted', () => health.values.some(({ lastError }) => String(lastError?.cause).includes('no token after')));
    expectNoSecret(events, health);
  });
});

describe('F97: errors that are thrown at once', () => {
  const password = canary('password');
  const options: object[] = [
    { apiKey: `${canary('a')}\r\n` }, { apiKey: [canary('a')] }, { apiKey: { key: canary('a') } }, { token: `${canary('a')}\n` }, { token: { token: canary('a') } }, { token: [canary('a')] },
    { headers: { 'x-a': `${canary('a')}\r\n` } }, { headers: [canary('a')] }, { headers: canary('a') }, { headers: new Headers({ a: canary('a') }) }, { headers: { 'x-a': [canary('a')] } },
    { apikey: canary('a') }, { auth: { password } }, { poll: { token: canary('a') } },
    ...[
      `https://user:${password}@host/`, `https//user:${password}@host`, `//user:${password}@host`, `htps:user:${password}@host`, `ftp://user:${password}@host`, `http://${password}@10.0.0.1/`,
      `https://host/?key=${password}`, `https://host/#${password}`, `host/x?key=${password}`, `ftp://host/?key=${password}`,
    ].map((baseUrl) => ({ baseUrl })),
  ];

  it.each(options.map((_, index) => index))('for a bad option with a secret in it (%i) tells none', (index) => {
    let thrown: unknown;
    try {
      createStatisticsClient({ baseUrl: 'https://host/statistics/v3', ...options[index] });
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(StatisticsOptionError);
    expectNoSecret(thrown);
  });
});

describe('F97: the command', () => {
  const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

  it.each([
    ['echoed', secrets.apiKey, secrets.token],
    ['unusable', `${secrets.apiKey}\n`, secrets.token],
    ['unusable', secrets.apiKey, `${secrets.token}\r`],
  ])('with a key and a token that are %s, shows neither', async (_, key, token) => {
    const server = await startHostileServer((request) => {
      const text = JSON.stringify(sentBy(request)).slice(1, -1);
      return { status: request.method === 'GET' ? 500 : 400, body: `{"status":{"code":7,"message":"refused ${text}"}}` };
    });
    const child = spawn(process.execPath, [main, 'demo', '--base-url', server.url], { env: { ...process.env, GENESYS_API_KEY: key, GENESYS_TOKEN: token } });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const ended = once(child, 'close');
    await until('it says why it shows nothing', () => /refused|must be/.test(output));
    child.kill('SIGINT');
    expect((await ended)[0]).not.toBe(0);
    expectNoSecret(output);
  });
});

describe('the search itself', () => {
  const request: TransportRequest = { method: 'GET', url: 'http://127.0.0.1/', headers: { 'x-api-key': canary('a'), authorization: canary('b') }, maxBodyBytes: 1 };

  // What is read by nobody can be seen by nobody: bytes alone, and nothing.
  it.each(Object.keys(quotes).filter((what) => what !== 'nothing'))('finds a secret in %s', (what) => {
    expect(() => expectNoSecret(quotes[what]?.(request))).toThrow();
    expect(() => expectNoSecret(new StatisticRejectedError('x', [], { cause: quotes[what]?.(request) }))).toThrow();
  });

  it('and none where there is none', () => {
    expect(() => expectNoSecret(new Error('x', { cause: { a: ['b', new Map([['c', 'd']])] } }))).not.toThrow();
  });
});
