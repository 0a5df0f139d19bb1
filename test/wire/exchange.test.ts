/** One request and its answer, over any transport: the outcome that is reported, and that nothing is left behind. */
import { getEventListeners } from 'node:events';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { StatisticsNetworkError, type StatisticsError, type Transport, type TransportRequest, type TransportResponse } from '../../src/index.js';
import { UnexpectedError } from '../../src/model/errors.js';
import { createCredentials } from '../../src/wire/credentials.js';
import { createExchange, type Exchange } from '../../src/wire/exchange.js';
import { createRequestQueue } from '../../src/wire/request-queue.js';
import { inBytes } from '../../src/wire/transport.js';
import { createCookieJar } from '../../src/wire/platform/cookies.node.js';
import { reply } from '../support/memory-server.js';
import { createVirtualClock, settle, type VirtualClock } from '../support/virtual-clock.js';

const request = { method: 'GET', path: '/subscriptions/1/statistic-values' } as const;

interface Options {
  readonly token?: () => Promise<string>;
  readonly headers?: Record<string, string>;
  readonly cookies?: typeof createCookieJar;
  readonly concurrency?: number;
}

function start(transport: Transport, { token, headers, cookies = createCookieJar, concurrency = 16 }: Options = {}): { clock: VirtualClock; exchange: Exchange; failures: StatisticsError[] } {
  const clock = createVirtualClock();
  const failures: StatisticsError[] = [];
  const credentials = createCredentials({ token, headers, timeout: 1000, askAgainAfter: 1000 }, clock, () => undefined);
  const exchange = createExchange({
    baseUrl: 'https://host/statistics/v3', transport: inBytes(transport), credentials, requests: createRequestQueue(clock, concurrency), cookies, timeout: 1000, maxBodyBytes: 1000, clock,
    onPlatformFailure: (error) => failures.push(error),
  });
  return { clock, exchange, failures };
}

const failureOf = (answer: Promise<unknown>): Promise<Error> => answer.then(() => new Error('it has not failed'), (error: unknown) => error as Error);

describe('an exchange', () => {
  it.each<[string, () => Promise<TransportResponse>]>([
    ['answered', () => Promise.resolve(reply(200))],
    ['refused', () => Promise.resolve(reply(500))],
    ['failed', () => Promise.reject(new Error('reset'))],
  ])('I4: that is %s leaves no timer, and no listener on its signal', async (_, transport) => {
    const { clock, exchange } = start(transport);
    const { signal } = new AbortController();
    await exchange(request, signal).catch(() => undefined);
    expect(clock.pending).toEqual([]);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('F161: delays no other exchange while its cookies are stored', async () => {
    const sent: string[] = [];
    const transport: Transport = ({ url }) => {
      sent.push(url.slice(-1));
      return Promise.resolve({ ...reply(200), setCookies: ['a=1'] });
    };
    const { exchange } = start(transport, { cookies: () => new Promise(() => undefined), concurrency: 1 });
    ['/a', '/b'].forEach((path) => void exchange({ method: 'GET', path }));
    await settle();
    expect(sent).toEqual(['a', 'b']);
  });

  it('that is aborted rejects with the reason itself, and aborts the transport with it', async () => {
    const reason = new Error('enough');
    const heard: unknown[] = [];
    const { clock, exchange } = start((_, signal) => new Promise(() => signal.addEventListener('abort', () => heard.push(signal.reason))));
    const controller = new AbortController();
    const answer = exchange(request, controller.signal);
    await settle();
    controller.abort(reason);
    await expect(answer).rejects.toBe(reason);
    expect(heard).toEqual([reason]);
    expect(clock.pending).toEqual([]);
  });

  it('that is aborted while the token function runs sends nothing', async () => {
    const reason = new Error('enough');
    const sent: TransportRequest[] = [];
    let give = (_: string): void => undefined;
    const { exchange } = start(
      (asked) => {
        sent.push(asked);
        return Promise.resolve(reply(200));
      },
      { token: () => new Promise((resolve) => (give = resolve)) },
    );
    const controller = new AbortController();
    const answer = exchange(request, controller.signal);
    await settle();
    controller.abort(reason);
    give('a-token');
    await expect(answer).rejects.toBe(reason);
    expect(sent).toEqual([]);
  });

  it('F13: ends at its deadline, even if its transport ignores the signal', async () => {
    const { clock, exchange } = start(() => new Promise(() => undefined));
    const answer = exchange(request).catch((error: unknown) => error);
    await clock.advance(1000);
    const error = await answer;
    expect(error).toBeInstanceOf(StatisticsNetworkError);
    expect(error).toMatchObject({ kind: 'timeout', message: 'GET /subscriptions/1/statistic-values timed out after 1000 ms' });
  });

  it('returns header names in lower case, whatever its transport does', async () => {
    const { exchange } = start(() => Promise.resolve({ status: 200, headers: { 'Retry-After': '7', AGE: '1' }, body: '{}' }));
    expect((await exchange(request)).headers).toEqual({ 'retry-after': '7', age: '1' });
  });

  it('F52: keeps every cookie, even if each answer brings another one', async () => {
    const cookies: (string | undefined)[] = [];
    const { exchange } = start(({ headers }) => {
      cookies.push(headers['cookie']);
      return Promise.resolve({ ...reply(200), setCookies: [`c${cookies.length}=${cookies.length}; Path=/`] });
    });
    await exchange(request);
    await exchange(request);
    await exchange(request);
    expect(cookies).toEqual([undefined, 'c1=1', 'c1=1; c2=2']);
  });

  it('F148: drops its cookies once the server rejects the headers as too large', async () => {
    const cookies: (string | undefined)[] = [];
    const statuses = [200, 431, 200, 200];
    const { exchange } = start(({ headers }) => {
      cookies.push(headers['cookie']);
      return Promise.resolve({ ...reply(statuses.shift() ?? 200), setCookies: cookies.length === 2 ? [] : [`c${cookies.length}=1; Path=/`] });
    });
    for (let round = 0; round < 4; round++) {
      await exchange(request);
    }
    expect(cookies).toEqual([undefined, 'c1=1', undefined, 'c3=1']);
  });

  it("sends a program's own cookie beside those of the server", async () => {
    const cookies: (string | undefined)[] = [];
    const { exchange } = start(({ headers }) => {
      cookies.push(headers['cookie']);
      return Promise.resolve({ ...reply(200), setCookies: ['theirs=1; Path=/'] });
    }, { headers: { Cookie: 'ours=1' } });
    await exchange(request);
    await exchange(request);
    expect(cookies).toEqual(['ours=1', 'ours=1; theirs=1']);
  });
});

/** An error from another realm, which has its own classes. */
const foreignly = (source: string): unknown => runInNewContext(source) as unknown;

describe('F143: an error of another realm', () => {
  it.each<[string, string, object]>([
    ['a code below a TypeError', `Object.assign(new TypeError('fetch failed'), { cause: Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }) })`, { kind: 'refused', message: 'GET /subscriptions/1/statistic-values got no answer: ECONNREFUSED' }],
    ['the first of several errors', `Object.assign(new Error(''), { errors: [Object.assign(new Error(''), { code: 'ENOTFOUND' })] })`, { kind: 'refused' }],
    ['the message of the innermost cause', `new Error('outer', { cause: new Error('the certificate has expired') })`, { kind: 'untrusted', message: 'GET /subscriptions/1/statistic-values got no answer: the certificate has expired' }],
    ['only the shape of an error', `({ message: 'reset', code: 'ECONNRESET' })`, { kind: 'failed', message: 'GET /subscriptions/1/statistic-values got no answer: ECONNRESET' }],
    ['a getter that throws', `({ get message() { throw 1; } })`, { kind: 'failed', message: 'GET /subscriptions/1/statistic-values got no answer: the transport failed' }],
  ])('is reported with %s', async (_, source, told) => {
    const cause = foreignly(source);
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- of another realm
    const { exchange } = start(() => Promise.reject(cause));
    await expect(exchange(request)).rejects.toMatchObject(told);
  });

  it('is kept as the cause if it shows no secret, otherwise replaced by a copy without it', async () => {
    const causes = [foreignly(`Object.assign(new Error('reset', { cause: new Error('inner') }), { details: { tries: [1] } })`), foreignly(`new Error('sent the-secret-4711')`)];
    const left = [...causes];
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- of another realm
    const { exchange } = start(() => Promise.reject(left.shift()), { headers: { 'x-key': 'the-secret-4711' } });
    const [clean, dirty] = [await failureOf(exchange(request)), await failureOf(exchange(request))];
    expect(clean.cause).toBe(causes[0]);
    expect(dirty.cause).toMatchObject({ message: 'sent ***' });
  });
});

describe('F142: a cookie jar that cannot be loaded', () => {
  it('is reported once, and the answers are used', async () => {
    const cause = new TypeError('A dynamic import callback was not specified.');
    const { exchange, failures } = start(() => Promise.resolve({ ...reply(200), setCookies: ['a=1; Path=/'] }), { cookies: () => Promise.reject(cause) });
    const answers = await Promise.all([exchange(request), exchange(request)]);
    answers.push(await exchange(request));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(failures).toMatchObject([{ message: 'cookies are not kept, since the cookie jar cannot be loaded', cause }]);
  });
});

describe('F97: the cookies of an answer', () => {
  it('are secrets once they are stored; refused cookies are never sent, and are no secrets', async () => {
    const answers = ['kept=value-of-kept; Path=/', 'refused=value-of-refused; Path=/; Domain=elsewhere.com'].map((cookie) => () => Promise.resolve({ ...reply(200), setCookies: [cookie] }));
    const { exchange } = start(() => answers.shift()?.() ?? Promise.reject(new Error('value-of-kept value-of-refused')));
    await exchange(request);
    await exchange(request);
    await expect(exchange(request)).rejects.toThrow('got no answer: *** value-of-refused');
  });
});

describe('F141: a bug of the library', () => {
  it('is not reported as a network failure, and shows no secret', async () => {
    const bug = new TypeError('x is not a function, said the-secret-4711');
    const { exchange } = start(() => Promise.resolve({ ...reply(200), setCookies: ['a=1; Path=/'] }), { cookies: () => Promise.resolve({ header: () => '', store: () => { throw bug; } }), headers: { 'x-key': 'the-secret-4711' } });
    const error = await failureOf(exchange(request));
    expect(error).toBeInstanceOf(UnexpectedError);
    expect(error).not.toBeInstanceOf(StatisticsNetworkError);
    expect(error).toMatchObject({ name: 'StatisticsError', message: 'GET /subscriptions/1/statistic-values failed by a bug of genesys-statistics-rx, or of the platform: TypeError: x is not a function, said ***' });
    expect(String(error.cause)).toContain('***');
  });
});
