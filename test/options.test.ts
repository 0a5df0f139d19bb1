/** Options: defaults, bounds, and the clear error for what does not fit. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createJournal, createStatisticsClient, peekFallback, StatisticsError, StatisticsOptionError } from '../src/index.js';
import { readClientOptions } from '../src/options.js';
import { canary } from './support/canary.js';

const baseUrl = 'https://host/statistics/v3';
const make = (options: object) => createStatisticsClient({ baseUrl, ...options });

describe('F152: a Node that is too old', () => {
  /** Makes a client where Node says that it is of this version. */
  function on(node: string | undefined): unknown {
    const { process } = globalThis;
    globalThis.process = Object.create(process, { versions: { value: { node } } }) as typeof process;
    try {
      return make({ transport: () => Promise.reject(new Error('not reached')) });
    } catch (error) {
      return error;
    } finally {
      globalThis.process = process;
    }
  }

  it.each(['22.11.9', '20.20.2', '18.20.8'])('Node %s: the first call says in one line which one is needed', (node) => {
    const error = on(node) as Error;
    expect(error).toBeInstanceOf(StatisticsError);
    expect(error.message).toBe(`genesys-statistics-rx needs Node 22.12 or later; this is Node ${node}`);
    const { engines } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { engines: { node: string } };
    expect(engines.node).toBe('>=22.12');
  });

  it.each(['22.12.0', '24.0.0', '100.1.0', undefined])('%s is not', (node) => {
    expect(on(node)).toHaveProperty('statistic$');
  });
});

describe('defaults', () => {
  it('are those of the contract, also for an explicit undefined', () => {
    const expected = {
      baseUrl,
      apiKey: undefined,
      token: undefined,
      headers: {},
      transport: undefined,
      poll: { interval: 5000, maxInterval: 30_000, factor: 1.5, hiddenInterval: 30_000, verbose: 'OFF', staleAfter: 70_000 },
      retry: { minTimeout: 1000, maxTimeout: 30_000, factor: 2 },
      sharing: { linger: 1000, maxIdle: 32 },
      batch: { window: 10, size: 500 },
      request: { timeout: 10_000, maxBodyBytes: 16 * 1024 * 1024, concurrency: 16 },
    };
    expect(readClientOptions({ baseUrl })).toEqual(expected);
    expect(readClientOptions({ baseUrl, apiKey: undefined, poll: undefined, retry: { factor: undefined }, request: { timeout: undefined } })).toEqual(expected);
  });

  it('that depend on others follow them', () => {
    expect(readClientOptions({ baseUrl, poll: { interval: 60_000 }, request: { timeout: 1 } }).poll).toMatchObject({ maxInterval: 60_000, hiddenInterval: 60_000, staleAfter: 120_001 });
    expect(readClientOptions({ baseUrl, retry: { minTimeout: 60_000 } }).retry).toMatchObject({ maxTimeout: 60_000 });
  });
});

const max = 2 ** 31 - 1;
const numbers: [string, number, number, boolean][] = [
  ['poll.interval', 1, max, false],
  ['poll.maxInterval', 5000, max, false],
  ['poll.factor', 1, Infinity, false],
  ['poll.hiddenInterval', 5000, max, false],
  ['poll.staleAfter', 1, Infinity, false],
  ['retry.minTimeout', 1, max, false],
  ['retry.maxTimeout', 1000, max, false],
  ['retry.factor', 1, Infinity, false],
  ['sharing.linger', 0, Infinity, false],
  ['sharing.maxIdle', 0, Infinity, true],
  ['batch.window', 0, Infinity, false],
  ['batch.size', 1, Infinity, true],
  ['request.timeout', 1, max, false],
  ['request.maxBodyBytes', 1, Infinity, true],
  ['request.concurrency', 1, Infinity, true],
];

describe.each(numbers)('F74: %s', (option, least, most, whole) => {
  const [group = '', name = ''] = option.split('.');
  const give = (value: unknown) => make({ [group]: { [name]: value } });

  it('takes its bounds', () => {
    expect(() => give(least)).not.toThrow();
    if (most !== Infinity) {
      expect(() => give(most)).not.toThrow();
    }
  });

  it.each([least - 1, -1, NaN, Infinity, -Infinity, most + 1, '5', null, true, {}, 5n, ...(whole ? [least + 0.5] : [])])('refuses %s, naming the option and what was expected', (value) => {
    expect(() => give(value)).toThrow(StatisticsOptionError);
    expect(() => give(value)).toThrow(`${option} must be a ${whole ? 'whole' : 'finite'} number`);
  });
});

describe('baseUrl', () => {
  it.each([
    ['https://host/statistics/v3/', 'https://host/statistics/v3'],
    ['https://host', 'https://host'],
    ['https://host:8443/a/b//', 'https://host:8443/a/b'],
    [new URL('https://host/statistics/v3'), 'https://host/statistics/v3'],
    // A URL of another realm, as test runners make it.
    [{ href: 'https://host/statistics/v3' } as never, 'https://host/statistics/v3'],
    ['http://localhost:80/x', 'http://localhost/x'],
    ['http://127.0.0.1:1234', 'http://127.0.0.1:1234'],
    ['http://127.1.2.3', 'http://127.1.2.3'],
    ['http://[::1]:1234/x', 'http://[::1]:1234/x'],
    ['http://app.localhost', 'http://app.localhost'],
  ])('%s is %s', (given, read) => {
    expect(readClientOptions({ baseUrl: given }).baseUrl).toBe(read);
  });

  it.each([undefined, null, 5, '', 'host/statistics/v3', '/statistics/v3', 'ftp://host', 'file:///etc', 'http://host', 'http://10.0.0.1', 'http://127.0.0.1.host', 'https://host?x=1', 'https://host#x', 'https://host?', {}, { href: 5 }, ['https://host']])('refuses %s', (given) => {
    expect(() => make({ baseUrl: given })).toThrow(StatisticsOptionError);
    expect(() => make({ baseUrl: given })).toThrow(/^baseUrl must/);
  });

  it('F96: refuses credentials, and does not repeat them', () => {
    expect(() => make({ baseUrl: `https://user:${canary('password')}@host` })).toThrow('baseUrl must be a URL without credentials');
    expect(() => make({ baseUrl: `https://user:${canary('password')}@host` })).not.toThrow(/canary/);
    expect(() => make({ baseUrl: `https://:${canary('password')}@host` })).toThrow('baseUrl must be a URL without credentials');
    expect(() => make({ baseUrl: 'https://user@host' })).toThrow('baseUrl must be a URL without credentials');
    expect(() => make({ baseUrl: `https//user:${canary('password')}@host` })).not.toThrow(/canary/);
  });

  it('takes http: to another host if allowInsecure says so', () => {
    expect(() => make({ baseUrl: 'http://host', allowInsecure: true })).not.toThrow();
    expect(() => make({ allowInsecure: 'yes' })).toThrow('allowInsecure must be true or false, got "yes"');
  });
});

describe('credentials', () => {
  it.each([
    ['apiKey', { apiKey: 'canary\r\nx: 1' }],
    ['apiKey', { apiKey: '' }],
    ['apiKey', { apiKey: 4711 }],
    ['token', { token: 'canary\n' }],
    ['token', { token: '' }],
    ['token', { token: {} }],
    ['headers.x-a', { headers: { 'x-a': 'canary\r\n' } }],
    ['headers.x-a', { headers: { 'x-a': 5 } }],
    ['headers', { headers: ['canary'] }],
    ['headers', { headers: 'canary' }],
    ['headers', { headers: new Map([['a', 'canary']]) }],
    ['headers', { headers: { 'a b': 'canary' } }],
    ['headers', { headers: { 'a\r\nb': 'canary' } }],
    ['headers', { headers: { 'Content-Type': 'canary' } }],
  ])('%s of %j is refused, and its value not shown', (option, options) => {
    expect(() => make(options)).toThrow(StatisticsOptionError);
    expect(() => make(options)).toThrow(`${option} must be`);
    expect(() => make(options)).not.toThrow(/canary/);
  });
});

describe('the rest', () => {
  const store = { pending: () => [], add: () => undefined, remove: () => undefined };

  it('takes a fallback and a journal that the package made, for any number of clients', () => {
    const given = { fallback: peekFallback(), journal: createJournal(store) };
    expect(() => [make(given), make(given)]).not.toThrow();
  });

  it.each([undefined, null, '/var/lib/wallboard', {}, { ...store, add: undefined }, { ...store, pending: [] }])('a journal over the store %j is refused', (given) => {
    expect(() => createJournal(given as never)).toThrow(StatisticsOptionError);
    expect(() => createJournal(given as never)).toThrow('store must be an object with the functions pending, add and remove, got');
  });

  it.each([
    [{ pol: {} }, 'pol is no option; known here: baseUrl'],
    [{ poll: { intervall: 5 } }, 'poll.intervall is no option; known here: interval'],
    [{ poll: [] }, 'poll must be an object, got an array'],
    [{ retry: null }, 'retry must be an object, got null'],
    [{ batch: 5 }, 'batch must be an object, got 5'],
    [{ poll: { verbose: 'off' } }, `poll.verbose must be 'OFF' or 'INFO', got "off"`],
    [{ transport: 'fetch' }, 'transport must be a function, got "fetch"'],
    [{ fallback: 'peek' }, 'fallback must be peekFallback(), or left out, got "peek"'],
    [{ fallback: true }, 'fallback must be peekFallback(), or left out, got true'],
    [{ fallback: peekFallback }, 'fallback must be peekFallback(), or left out, got a function'],
    [{ fallback: createJournal(store) }, 'fallback must be peekFallback(), or left out, got an object'],
    [{ journal: '/var/lib/wallboard' }, 'journal must be fileJournal(directory) or createJournal(store), or left out, got "/var/lib/wallboard"'],
    [{ journal: null }, 'journal must be fileJournal(directory) or createJournal(store), or left out, got null'],
    [{ journal: store }, 'journal must be fileJournal(directory) or createJournal(store), or left out, got an object'],
    [{ journal: peekFallback() }, 'journal must be fileJournal(directory) or createJournal(store), or left out, got an object'],
  ])('%j is refused', (options, message) => {
    expect(() => make(options)).toThrow(message);
  });

  it.each([undefined, null, 'https://host', []])('options of %j are refused', (options) => {
    expect(() => createStatisticsClient(options as never)).toThrow('options must be an object');
  });

  it('G12: an option that lies on a prototype is none', () => {
    expect(readClientOptions(Object.assign(Object.create({ apiKey: 'canary' }) as object, { baseUrl })).apiKey).toBeUndefined();
  });
});

describe('arguments', () => {
  const { statistic$, subscription$, statisticState$, peek$, peekAll$ } = make({});
  const object = { objectId: 'kim', objectType: 'Agent' };
  const any = (value: unknown) => value as never;

  it.each([
    ['name', () => statistic$('', object)],
    ['name', () => statistic$('  ', object)],
    ['name', () => statistic$(any(5), object)],
    ['name', () => statistic$(any(undefined), object)],
    ['name', () => statistic$(any([]), object)],
    ['name', () => statistic$('x'.repeat(5000), object)],
    ['name.category', () => statistic$(any({ subject: 'DNStatus' }), object)],
    ['name', () => statistic$(any({}), object)],
    ['name', () => statistic$(any({ category: 'a', subject: 'b', big: 5n }), object)],
    ['object', () => statistic$('a', any(undefined))],
    ['object', () => statistic$('a', any([]))],
    ['objectId', () => statistic$('a', { objectId: '', objectType: 'Agent' })],
    ['objectId', () => statistic$('a', { objectId: '\ud800', objectType: 'Agent' })],
    ['objectType', () => statistic$('a', any({ objectId: 'kim' }))],
    ['objectType', () => statisticState$('a', any({ objectId: 'kim' }))],
    ['options.distinct', () => statistic$('a', object, { distinct: any(5) })],
    ...[0, -1, 0.5, 2 ** 31, NaN, Infinity, any('5'), any(null)].flatMap((interval): [string, () => unknown][] => [
      ['options.interval', () => statistic$('a', object, { interval })],
      ['options.interval', () => subscription$([{ name: 'a', ...object }], { interval })],
    ]),
    ['options', () => statistic$('a', object, any(null))],
    ['options', () => subscription$([{ name: 'a', ...object }], any(() => true))],
    ['definitions', () => subscription$([])],
    ['definitions', () => subscription$({})],
    ['definitions', () => subscription$(any('a'))],
    ['definitions', () => subscription$(any({ name: 'a', ...object }))],
    ['definitions[1]', () => subscription$([{ name: 'a', ...object }, any(null)])],
    ['definitions.a.name', () => subscription$({ a: { name: '', ...object } })],
    ['definitions.a.definition', () => subscription$({ a: any({ name: 'a', definition: {}, ...object }) })],
    ['name', () => peek$(any({ category: 'a', subject: 'b' }), object)],
    ['name', () => peek$('..', object)],
    ['name', () => peek$('a/%2e%2e/b', object)],
    ['name', () => peek$('', object)],
    ['object', () => peek$('a', any(undefined))],
    ['objectId', () => peek$('a', any({ objectType: 'Agent' }))],
    ['definitions', () => peekAll$(any(undefined))],
    ['definitions[0].objectType', () => peekAll$([any({ name: 'a', objectId: 'kim' })])],
    ['definitions', () => peekAll$([{ definition: { category: 'a', subject: 'b' }, ...object }])],
  ])('%s: a bad one throws at once', (option, call) => {
    expect(call).toThrow(StatisticsOptionError);
    expect(call).toThrow(new RegExp(`^${option.replace(/[.[\]]/g, '\\$&')} must be`));
  });

  const { api } = make({ transport: () => Promise.reject(new Error('nothing may be sent')) });
  const inline = { category: 'a', subject: 'b' };

  it.each<[string, () => Promise<unknown>]>([
    ['operationId', () => api.openSubscription(any(undefined), [])],
    ['operationId', () => api.openSubscription('..', [])],
    ['statistics', () => api.openSubscription('a', any(undefined))],
    ['statistics', () => api.openSubscription('a', any({ length: 1 }))],
    ['statistics[0]', () => api.openSubscription('a', [any(undefined)])],
    ['statistics[0]', () => api.openSubscription('a', any(new Array(1)))],
    ['statistics[1]', () => api.openSubscription('a', [{ statisticId: 's', name: 'a', ...object }, any('a')])],
    ['statisticIds[0]', () => api.openSubscription('a', [any({ name: 'a', ...object })])],
    ['statistics[0].name', () => api.openSubscription('a', [{ statisticId: 's', name: any(5), ...object }])],
    ['statistics[0].name', () => api.openSubscription('a', [{ statisticId: 's', ...object }])],
    ['statistics[0].objectId', () => api.openSubscription('a', [any({ statisticId: 's', name: 'a', objectType: 'Agent' })])],
    ['statistics[0].definition', () => api.openSubscription('a', [{ statisticId: 's', definition: { ...inline, big: 5n }, ...object }])],
    ['statistics[0].definition', () => api.openSubscription('a', [{ statisticId: 's', name: 'a', definition: inline, ...object }])],
    ['options', () => api.openSubscription('a', [], any(null))],
    ['options.signal', () => api.openSubscription('a', [], { signal: any({}) })],
    ['id', () => api.readSubscription('a/b')],
    ['id', () => api.readSubscription(any(5))],
    ['read', () => api.readSubscription('a', any('OFF'))],
    ['read', () => api.readSubscription('a', any(null))],
    ['read.statisticIds', () => api.readSubscription('a', { statisticIds: any('s1,s2') })],
    ['read.statisticIds', () => api.readSubscription('a', { statisticIds: [] })],
    ['statisticIds[1]', () => api.readSubscription('a', { statisticIds: ['s1', any(undefined)] })],
    ['read.verbose', () => api.readSubscription('a', { verbose: any('off') })],
    ['read.signal', () => api.readSubscription('a', { signal: any(true) })],
    ['options.signal', () => api.readSubscription('a', {}, { signal: any(true) })],
    ['id', () => api.closeSubscription('')],
    ['options.signal', () => api.closeSubscription('a', { signal: any(null) })],
    ['name', () => api.getStatistic('..', object)],
    ['name', () => api.getStatistic(any(inline), object)],
    ['object', () => api.getStatistic('a', any(undefined))],
    ['object', () => api.getStatistic('a', any('kim'))],
    ['objectType', () => api.getStatistic('a', any({ objectId: 'kim' }))],
    ['options', () => api.getStatistic('a', object, any('x'))],
    ['statistics', () => api.getStatistics(any({ name: 'a', ...object }))],
    ['statistics[0]', () => api.getStatistics([any(null)])],
    ['statistics[0].name', () => api.getStatistics([any({ definition: inline, ...object })])],
    ['statistics[0].objectId', () => api.getStatistics([any({ name: 'a' })])],
  ])('F146: %s of an endpoint: a bad one rejects, and nothing is sent', async (option, call) => {
    const error = await call().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(StatisticsOptionError);
    expect(error).toMatchObject({ option, message: expect.stringMatching(/ must be /) as string });
  });

  it.each([1, 1.5, 2 ** 31 - 1])('an interval of %s is one', (interval) => {
    expect(() => statistic$('a', object, { interval })).not.toThrow();
    expect(() => subscription$([{ name: 'a', ...object }], { interval })).not.toThrow();
  });

  it('an inline definition may stand as name or as definition', () => {
    expect(() => subscription$([{ name: inline, ...object }, { definition: inline, ...object }])).not.toThrow();
  });
});
