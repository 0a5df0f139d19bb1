/** F55: the cache mode of a browser's `fetch` after each kind of answer. In Chromium: test/browser/cache.test.ts. */
import { describe, expect, it } from 'vitest';
import { bypassCache } from '../../../src/wire/platform/fetch.native.js';

type Answer = () => Response | Promise<Response>;

/** The cache modes of requests: GETs of one URL, unless other ones are given. */
function start() {
  const modes: (RequestCache | undefined)[] = [];
  let answer: Answer = () => new Response('{}');
  const fetch = bypassCache((_, init) => {
    modes.push(init.cache);
    return Promise.resolve(answer());
  });
  return {
    modes,
    async ask(next: Answer = () => new Response('{}'), url = 'https://host/a', init: RequestInit = { method: 'GET' }) {
      answer = next;
      await fetch(url, init).catch(() => undefined);
      return modes.at(-1);
    },
  };
}

const withHeaders = (headers: Record<string, string>, status = 200): Answer => () => new Response('{}', { status, headers });

describe('F55: the cache mode of a GET', () => {
  it('is reload at first, so that no old answer stays in the cache', async () => {
    expect(await start().ask()).toBe('reload');
  });

  it.each([
    {},
    { 'cache-control': 'no-store' },
    { 'cache-control': 'no-cache' },
    { 'cache-control': 'private, NO-CACHE , max-age=60' },
    { 'cache-control': 'no-cache, no-store, max-age=0, must-revalidate', pragma: 'no-cache', expires: '0' },
    { 'cache-control': 'max-age=0' },
    { 'cache-control': 'max-age=0, must-revalidate', 'last-modified': 'Mon, 01 Jan 2024 00:00:00 GMT' },
    { 'cache-control': 'private' },
    { expires: '0' },
    { expires: '-1' },
    { etag: '"a"', vary: 'Origin', pragma: 'no-cache' },
  ])('is default after %j, which no cache may reuse without asking the server', async (headers) => {
    const { ask } = start();
    await ask(withHeaders(headers));
    expect(await ask()).toBe('default');
  });

  it.each([
    { 'cache-control': 'max-age=60' },
    { 'cache-control': 'public, max-age=1' },
    { 'cache-control': 'max-age=0, max-age=60' },
    { 'cache-control': 'max-age="60"' },
    { 'cache-control': 'max-age=soon' },
    { 'cache-control': 's-maxage=60, max-age=0' },
    { 'cache-control': 'max-age=0, stale-while-revalidate=60' },
    { 'cache-control': 'max-age=0, stale-if-error=60' },
    { 'cache-control': 'private="x, no-cache, y", max-age=60' },
    { 'cache-control': 'no-cache="set-cookie"' },
    { expires: 'Fri, 01 Jan 2100 00:00:00 GMT' },
    { expires: 'Thu, 01 Jan 2004 00:00:00 GMT' },
    { 'last-modified': 'Mon, 01 Jan 2024 00:00:00 GMT' },
    { 'cache-control': 'no-cache', age: '3' },
  ])('is reload after %j, which a cache may reuse, or has reused', async (headers) => {
    const { ask } = start();
    await ask();
    expect(await ask(withHeaders(headers))).toBe('default');
    expect(await ask()).toBe('reload');
    expect(await ask()).toBe('default');
  });

  it.each([301, 308, 404, 410, 500, 503])('is reload after a %i, which some caches keep for ever', async (status) => {
    const { ask } = start();
    await ask(withHeaders({}, status));
    expect(await ask()).toBe('reload');
  });

  it('is reload after a redirect that was not followed', async () => {
    const { ask } = start();
    await ask();
    await ask(() => Object.defineProperties(Response.error(), { type: { value: 'opaqueredirect' } }));
    expect(await ask()).toBe('reload');
  });

  it('is unchanged after a request that was not answered', async () => {
    const { ask } = start();
    await ask(() => Promise.reject(new TypeError('Failed to fetch')));
    expect(await ask()).toBe('reload');
    await ask(() => Promise.reject(new TypeError('Failed to fetch')));
    expect(await ask()).toBe('default');
  });

  it('is remembered for each URL, and for at most a thousand', async () => {
    const { ask, modes } = start();
    for (let round = 0; round < 2; round++) {
      for (let url = 0; url < 1000; url++) {
        await ask(undefined, `https://host/${url}`);
      }
    }
    expect([modes.slice(0, 1000), modes.slice(1000)].map((some) => new Set(some))).toEqual([new Set(['reload']), new Set(['default'])]);
    await ask(undefined, 'https://host/one-more');
    expect(await ask(undefined, 'https://host/0')).toBe('reload');
  });

  it('is the one that the program sets, if it sets one', async () => {
    expect(await start().ask(undefined, undefined, { method: 'GET', cache: 'no-store' })).toBe('no-store');
  });
});

describe('F55: the cache mode of any other request', () => {
  it.each([['POST', undefined], ['DELETE', 'no-store']])('of a %s, which no cache may answer, is always %s, and does not affect a GET', async (method, mode) => {
    const { ask } = start();
    expect(await ask(withHeaders({ 'cache-control': 'max-age=60' }), undefined, { method })).toBe(mode);
    expect(await ask(undefined, undefined, { method })).toBe(mode);
    expect(await ask()).toBe('reload');
  });
});
