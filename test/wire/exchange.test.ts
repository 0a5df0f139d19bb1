/** One request, one answer, whatever transport it goes by: what is told of it, and that nothing of it stays behind. */
import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { StatisticsNetworkError, type Transport, type TransportRequest, type TransportResponse } from '../../src/index.js';
import { createCredentials } from '../../src/wire/credentials.js';
import { createExchange, type Exchange } from '../../src/wire/exchange.js';
import { inBytes } from '../../src/wire/transport.js';
import { createCookieJar } from '../../src/wire/platform/cookies.node.js';
import { reply } from '../support/memory-server.js';
import { createVirtualClock, settle, type VirtualClock } from '../support/virtual-clock.js';

const request = { method: 'GET', path: '/subscriptions/1/statistic-values' } as const;

function start(transport: Transport, token?: () => Promise<string>, headers?: Record<string, string>): { clock: VirtualClock; exchange: Exchange } {
  const clock = createVirtualClock();
  const credentials = createCredentials({ token, headers, timeout: 1000, askAgainAfter: 1000 }, clock, () => undefined);
  const exchange = createExchange({ baseUrl: 'https://host/statistics/v3', transport: inBytes(transport), credentials, cookies: createCookieJar, timeout: 1000, maxBodyBytes: 1000, clock });
  return { clock, exchange };
}

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

  it('that is aborted rejects with the reason itself, and aborts the transport by it', async () => {
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

  it('that is aborted while the token is asked sends nothing', async () => {
    const reason = new Error('enough');
    const sent: TransportRequest[] = [];
    let give = (_: string): void => undefined;
    const { exchange } = start(
      (asked) => {
        sent.push(asked);
        return Promise.resolve(reply(200));
      },
      () => new Promise((resolve) => (give = resolve)),
    );
    const controller = new AbortController();
    const answer = exchange(request, controller.signal);
    await settle();
    controller.abort(reason);
    give('a-token');
    await expect(answer).rejects.toBe(reason);
    expect(sent).toEqual([]);
  });

  it('F13: ends at its deadline, though its transport overlooks the signal', async () => {
    const { clock, exchange } = start(() => new Promise(() => undefined));
    const answer = exchange(request).catch((error: unknown) => error);
    await clock.advance(1000);
    const error = await answer;
    expect(error).toBeInstanceOf(StatisticsNetworkError);
    expect(error).toMatchObject({ kind: 'timeout', message: 'GET /subscriptions/1/statistic-values timed out after 1000 ms' });
  });

  it('gives the names of headers in lower case, whatever its transport does', async () => {
    const { exchange } = start(() => Promise.resolve({ status: 200, headers: { 'Retry-After': '7', AGE: '1' }, body: '{}' }));
    expect((await exchange(request)).headers).toEqual({ 'retry-after': '7', age: '1' });
  });

  it('F52: keeps every cookie that ever came, though each answer brings another', async () => {
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

  it("sends a program's own cookie beside those of the server", async () => {
    const cookies: (string | undefined)[] = [];
    const { exchange } = start(({ headers }) => {
      cookies.push(headers['cookie']);
      return Promise.resolve({ ...reply(200), setCookies: ['theirs=1; Path=/'] });
    }, undefined, { Cookie: 'ours=1' });
    await exchange(request);
    await exchange(request);
    expect(cookies).toEqual(['ours=1', 'ours=1; theirs=1']);
  });
});
