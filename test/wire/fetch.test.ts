/** What is asked of a `fetch`, whoever's it is, and what of its answer is handed on. */
import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { fetchTransport } from '../../src/index.js';

const request = { method: 'DELETE', url: 'https://host/statistics/v3/subscriptions/1', headers: { accept: 'application/json' }, keepalive: true, maxBodyBytes: 1000 };

/** A transport over a fetch that answers with `response`, and what that fetch was given. */
function start(response: () => Response | Promise<Response>, init?: RequestInit) {
  const asked: (readonly [string, RequestInit])[] = [];
  const transport = fetchTransport((...all) => {
    asked.push(all);
    return Promise.resolve(response());
  }, init);
  return { transport, asked };
}

describe('a transport over fetch', () => {
  it('F96, F83: follows nothing, sends cookies, takes nothing out of a cache, and outlives its page where it is to', async () => {
    const { transport, asked } = start(() => new Response('{}'));
    await transport(request, new AbortController().signal);
    const [[url, init] = []] = asked;
    expect(url).toBe(request.url);
    expect(init).toMatchObject({ method: 'DELETE', headers: request.headers, redirect: 'manual', credentials: 'include', cache: 'no-store', keepalive: true });
    expect(init).not.toHaveProperty('body');
  });

  it('leaves cookies, and all else but redirects, to whoever makes it', async () => {
    const { transport, asked } = start(() => new Response('{}'), { credentials: 'omit', redirect: 'follow' });
    await transport(request, new AbortController().signal);
    expect(asked[0]?.[1]).toMatchObject({ credentials: 'omit', redirect: 'manual' });
  });

  it.each<[string, () => Response | Promise<Response>]>([
    ['answers', () => new Response('{}')],
    ['answers with too much', () => new Response('x'.repeat(1001))],
    ['fails', () => Promise.reject(new TypeError('fetch failed'))],
  ])('I4: leaves no listener on its signal when fetch %s', async (_, response) => {
    const { signal } = new AbortController();
    await start(response).transport(request, signal).catch(() => undefined);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('F17: aborts a fetch whose answer it gives up', async () => {
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

  it('F63: a header called __proto__ is one like another', async () => {
    const headers = new Headers({ 'Retry-After': '7' });
    headers.append('__proto__', 'a');
    const { headers: told } = await start(() => new Response('{}', { headers })).transport(request, new AbortController().signal);
    expect(Object.entries(told)).toEqual(expect.arrayContaining([['__proto__', 'a'], ['retry-after', '7']]));
  });
});
