/** The request that any `fetch` receives, and the part of its answer that is passed on. */
import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { fetchTransport } from '../../src/index.js';
import { fetchBytes } from '../../src/wire/fetch.js';
import { TransportFailure } from '../../src/wire/network-error.js';

const request = { method: 'DELETE', url: 'https://host/statistics/v3/subscriptions/1', headers: { accept: 'application/json' }, keepalive: true, maxBodyBytes: 1000 };

/** A transport over a fetch that answers with `response`, and the arguments of that fetch. */
function start(response: () => Response | Promise<Response>, init?: RequestInit) {
  const asked: (readonly [string, RequestInit])[] = [];
  const transport = fetchTransport((...all) => {
    asked.push(all);
    return Promise.resolve(response());
  }, init);
  return { transport, asked };
}

describe('a transport over fetch', () => {
  it('F96, F83: follows no redirect, sends cookies, uses no cached answer, and passes keepalive on', async () => {
    const { transport, asked } = start(() => new Response('{}'));
    await transport(request, new AbortController().signal);
    const [[url, init] = []] = asked;
    expect(url).toBe(request.url);
    expect(init).toMatchObject({ method: 'DELETE', headers: request.headers, redirect: 'manual', credentials: 'include', cache: 'no-store', keepalive: true });
    expect(init).not.toHaveProperty('body');
  });

  it('lets its init override cookies and everything else except redirects', async () => {
    const { transport, asked } = start(() => new Response('{}'), { credentials: 'omit', redirect: 'follow' });
    await transport(request, new AbortController().signal);
    expect(asked[0]?.[1]).toMatchObject({ credentials: 'omit', redirect: 'manual' });
  });

  it.each<[string, () => Response | Promise<Response>]>([
    ['answers', () => new Response('{}')],
    ['answers with a body that is too large', () => new Response('x'.repeat(1001))],
    ['fails', () => Promise.reject(new TypeError('fetch failed'))],
  ])('I4: leaves no listener on its signal when fetch %s', async (_, response) => {
    const { signal } = new AbortController();
    await start(response).transport(request, signal).catch(() => undefined);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('F17: aborts a fetch whose answer it refuses', async () => {
    const { transport, asked } = start(() => new Response('x'.repeat(1001)));
    await expect(transport(request, new AbortController().signal)).rejects.toMatchObject({ kind: 'too-large' });
    expect(asked[0]?.[1].signal?.aborted).toBe(true);
  });

  it('hands an abort on to fetch, with its reason', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const { transport, asked } = start(() => {
      controller.abort(reason);
      return new Response('{}');
    });
    await transport(request, controller.signal).catch(() => undefined);
    expect(asked[0]?.[1].signal?.reason).toBe(reason);
  });

  it('F63: treats a header called __proto__ like any other', async () => {
    const headers = new Headers({ 'Retry-After': '7' });
    headers.append('__proto__', 'a');
    const { headers: told } = await start(() => new Response('{}', { headers })).transport(request, new AbortController().signal);
    expect(Object.entries(told)).toEqual(expect.arrayContaining([['__proto__', 'a'], ['retry-after', '7']]));
  });
});

/** The error of Node's own fetch for a signal from another AbortController. */
const refusal = (): TypeError => new TypeError('RequestInit: Expected signal ("Signal {}") to be an instance of AbortSignal.');

describe('F142: a fetch that refuses the signals of AbortController', () => {
  it('is called again without one, which is reported once, and gets no signal from then on', async () => {
    const signals: boolean[] = [];
    const failures: string[] = [];
    const transport = fetchBytes((_, { signal }) => {
      signals.push(signal !== undefined);
      return signal === undefined ? Promise.resolve(new Response('{}')) : Promise.reject(refusal());
    });
    const send = () => transport(request, new AbortController().signal, ({ message }) => failures.push(message));
    const answers = await Promise.all([send(), send()]);
    answers.push(await send());
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(signals).toEqual([true, true, false, false, false]);
    expect(failures).toEqual(['requests are not aborted, since fetch refuses the signals of AbortController']);
  });

  it('is not called again for any other failure, nor if it also refuses a call without a signal', async () => {
    let asked = 0;
    const failing = (error: unknown): Promise<Response> => {
      asked++;
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- whatever it is
      return Promise.reject(error);
    };
    await expect(fetchTransport(() => failing(new TypeError('fetch failed')))(request, new AbortController().signal)).rejects.toThrow('fetch failed');
    expect(asked).toBe(1);
    await expect(fetchTransport(() => failing(refusal()))(request, new AbortController().signal)).rejects.toThrow('AbortSignal');
    expect(asked).toBe(3);
  });
});

describe('F141: a transport over fetch', () => {
  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['half a Response', { ok: true, status: 200, json: () => Promise.resolve({}) }],
    ['no status', { headers: new Headers(), body: null }],
    ['no body to read', { status: 200, headers: new Headers(), text: () => Promise.resolve('{}') }],
    ['a body that is no bytes', { status: 200, headers: new Headers(), body: new ReadableStream({ start: (body) => { body.enqueue('{}'); } }) }],
  ])('reports clearly that fetch returned %s', async (_, response) => {
    await expect(start(() => response as Response).transport(request, new AbortController().signal)).rejects.toMatchObject({ name: 'StatisticsNetworkError', kind: 'unreadable' });
  });

  it('marks failures of fetch and of a body, and no others', async () => {
    const reason = new TypeError('terminated');
    const failing = [() => Promise.reject(reason), () => Promise.resolve(new Response(new ReadableStream({ pull: () => { throw reason; } })))];
    for (const fetch of failing) {
      await expect(fetchBytes(fetch)(request, new AbortController().signal)).rejects.toMatchObject({ constructor: TransportFailure, reason });
      await expect(fetchTransport(fetch)(request, new AbortController().signal)).rejects.toBe(reason);
    }
  });
});
