/**
 * A process whose Object.prototype somebody has polluted already, by another library and a hostile body: what lies there is
 * no option, and grants nothing. (That such a process works at all is nobody's promise: any library may stumble.)
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { createStatisticsClient, peekFallback, StatisticsOptionError } from '../../src/index.js';
import { readClientOptions } from '../../src/options.js';
import { canary } from '../support/canary.js';
import { startHostileServer, startSilentPort } from '../support/hostile-server.js';

const baseUrl = 'https://host/statistics/v3';

/** Nothing else may run meanwhile. */
function withPolluted<T>(pollution: object, run: () => T): T {
  Object.assign(Object.prototype, pollution);
  try {
    return run();
  } finally {
    Object.keys(pollution).forEach((name) => Reflect.deleteProperty(Object.prototype, name));
  }
}

describe('F119, G12: an option on Object.prototype is none', () => {
  it('allowInsecure there opens no way to http:', () => {
    const make = (): unknown => withPolluted({ allowInsecure: true }, () => createStatisticsClient({ baseUrl: 'http://host/statistics/v3' }));
    expect(make).toThrow(StatisticsOptionError);
    expect(make).toThrow('credentials would travel in the clear');
  });

  it.each([
    { baseUrl: 'https://evil/', apiKey: 'theirs', token: 'theirs', headers: { a: 'theirs' }, transport: () => undefined, fallback: peekFallback() },
    { poll: { interval: 1 }, retry: { minTimeout: 1 }, sharing: { maxIdle: 1000 }, batch: { size: 1 }, request: { timeout: 1 } },
    { interval: 1, maxInterval: 1, factor: 9, verbose: 'INFO', staleAfter: 1 },
    { minTimeout: 1, maxTimeout: 1, linger: 1, maxIdle: 1000, window: 1, size: 1 },
    { timeout: 2 ** 31 - 1, maxBodyBytes: 2 ** 52 },
  ])('nor does any other count (%#)', (pollution) => {
    const given = { baseUrl };
    const plain = readClientOptions(given);
    expect(withPolluted(pollution, () => readClientOptions(given))).toEqual(plain);
    const groups = { baseUrl, poll: {}, retry: {}, sharing: {}, batch: {}, request: {} };
    expect(withPolluted(pollution, () => readClientOptions(groups))).toEqual(plain);
  });

  it('nor one of a stream', () => {
    const { statistic$ } = createStatisticsClient({ baseUrl });
    const stream$ = withPolluted({ interval: 'often', distinct: 5 }, () => statistic$('a', { objectId: 'b', objectType: 'c' }, {}));
    expect(stream$).toBeDefined();
  });

  it.each(['{"__proto__":{"allowInsecure":true}}', '{"constructor":{"prototype":{"allowInsecure":true}}}', '{"poll":{"__proto__":{"interval":1}}}', '{"request":{"__proto__":null}}'])(
    'options that were parsed, with a prototype in them, are refused: %s',
    (text) => {
      const options = { ...(JSON.parse(text) as object), baseUrl: 'https://host' };
      // Spreading defines what parsing defined.
      expect(() => createStatisticsClient(options)).toThrow(/is no option/);
      expect(({} as { allowInsecure?: unknown }).allowInsecure).toBeUndefined();
    },
  );
});

describe('G11, G12: a client in a polluted process', () => {
  it('sends its credentials to its own server alone, follows nothing, and keeps to its pace', async () => {
    const second = await startSilentPort();
    const interval = 200;
    const polledAt: number[] = [];
    let first = true;
    const server = await startHostileServer(({ method }) => {
      if (method === 'GET') {
        polledAt.push(performance.now());
      }
      const redirects = first;
      first = false;
      return redirects ? { status: 307, headers: { location: `http://127.0.0.1:${second.port}/` } } : undefined;
    });
    const evil = `http://127.0.0.1:${second.port}`;
    // Not `path`, `timeout` and the like, over which Node itself stumbles.
    const pollution = {
      allowInsecure: true, redirect: 'follow', follow: 20, baseUrl: evil, url: evil, hostname: '127.0.0.1', port: second.port, origin: evil, proxy: evil, location: evil,
      interval: 1, maxInterval: 1, minTimeout: 1, maxBodyBytes: 1, linger: 0, apiKey: 'theirs', token: 'theirs', polluted: true,
    };
    const program = `
      import { createStatisticsClient } from 'genesys-statistics-rx';
      Object.assign(Object.prototype, ${JSON.stringify(pollution)});
      const client = createStatisticsClient({ baseUrl: '${server.url}', apiKey: process.env.CANARY, retry: { minTimeout: 10 }, poll: { interval: ${interval} } });
      let polls = 0;
      client.events$.subscribe(({ type }) => type === 'polled' && ++polls === 3 && client.close());
      client.statistic$('Total_Answered', { objectId: 'Sales@SIP', objectType: 'Queue' }).subscribe(({ value }) => {
        process.stdout.write(JSON.stringify(value.intValue));
      });
    `;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', program], { cwd: new URL('../..', import.meta.url), env: { ...process.env, CANARY: canary('key') } });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const [code] = (await once(child, 'close')) as [number | null];
    expect([output, code]).toEqual(['1', 0]);
    expect(second.connections).toHaveLength(0);
    expect(server.requests.every(({ headers }) => headers['x-api-key'] === canary('key') && headers.authorization === undefined)).toBe(true);
    expect(polledAt.length).toBeGreaterThanOrEqual(3);
    // Two for the roundings of two clocks.
    expect(Math.min(...polledAt.slice(1).map((at, index) => at - (polledAt[index] ?? 0)))).toBeGreaterThanOrEqual(interval - 2);
    const methods = server.requests.map(({ method }) => method);
    expect([methods.filter((method) => method === 'POST').length, methods.at(-1)]).toEqual([2, 'DELETE']);
  });
});
