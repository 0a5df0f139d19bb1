/** F53: the cookie jar of Node, with friendly and hostile servers. */
import { describe, expect, it } from 'vitest';
import type { CookieJar } from '../../src/wire/cookies.js';
import { createCookieJar as createBrowserJar } from '../../src/wire/platform/cookies.browser.js';
import { createCookieJar } from '../../src/wire/platform/cookies.node.js';

const url = 'https://host.example.com/statistics/v3/subscriptions';

async function jarWith(...setCookies: string[]): Promise<CookieJar> {
  const jar = await createCookieJar();
  jar?.store(url, setCookies);
  return jar as CookieJar;
}

describe('the cookie jar', () => {
  it('keeps every cookie of the server, each for its path, and replaces a cookie of the same name', async () => {
    const jar = await jarWith('STATISTICS_SESSIONID=one; Path=/statistics/v3; HttpOnly', 'AWSALB=sticky; Path=/', 'OTHER=x; Path=/elsewhere');
    expect(jar.header(url)).toBe('STATISTICS_SESSIONID=one; AWSALB=sticky');
    jar.store(url, ['STATISTICS_SESSIONID=two; Path=/statistics/v3']);
    expect(jar.header(url)).toContain('STATISTICS_SESSIONID=two');
    jar.store(url, ['AWSALB=; Path=/; Max-Age=0']);
    expect(jar.header(url)).toBe('STATISTICS_SESSIONID=two');
  });

  it('G11: sends no cookie to another origin, and no secure one over http', async () => {
    const jar = await jarWith('a=1; Path=/', 'b=2; Path=/; Secure');
    expect(jar.header('https://example.com/')).toBe('');
    expect(jar.header('https://evil.host.example.com/')).toBe('');
    expect(jar.header('http://host.example.com/')).toBe('a=1');
  });

  it.each(['a=1; Domain=other.com', 'a=1; Domain=com', '', ';;;', `a=${'x'.repeat(5000)}`])('F53: stores nothing from %.40j', async (text) => {
    expect((await jarWith(text)).header(url)).toBe('');
  });

  it('F53: treats __proto__ as any other name', async () => {
    expect((await jarWith('__proto__=1; Path=/')).header(url)).toBe('__proto__=1');
    expect(({} as { a?: unknown }).a).toBeUndefined();
  });

  it('F53: does not send a thousand cookies', async () => {
    const jar = await jarWith(...Array.from({ length: 1000 }, (_, index) => `c${index}=1; Path=/`));
    expect(jar.header(url).split('; ').length).toBeLessThanOrEqual(64);
    for (let round = 0; round < 10; round++) {
      jar.store(url, Array.from({ length: 50 }, (_, index) => `r${round}n${index}=1; Path=/`));
      expect(jar.header(url).split('; ').length).toBeLessThanOrEqual(64);
    }
  });

  it('F105: does not collect cookies of other paths without limit, nor send a header that is too large for any server', async () => {
    const jar = await jarWith();
    const elsewhere = 'https://host.example.com/elsewhere';
    for (let round = 0; round < 20; round++) {
      jar.store(url, Array.from({ length: 40 }, (_, index) => `r${round}n${index}=1; Path=/elsewhere; Secure`));
      expect(jar.header(elsewhere).split('; ').length).toBeLessThanOrEqual(64);
      jar.store(url, [`large${round}=${'x'.repeat(3000)}; Path=/`]);
      expect(jar.header(url).length).toBeLessThanOrEqual(8190);
    }
  });

  it.each([
    ['gws', 'https://gws/statistics/v3'],
    ['.GWS', 'https://gws/statistics/v3'],
    ['localhost', 'http://localhost:8080/'],
    ['127.0.0.1', 'http://127.0.0.1:8080/'],
    ['co.uk', 'https://co.uk/'],
  ])('F150: a cookie whose Domain is the host itself (%s at %s) is for that host alone', async (domain, host) => {
    const jar = (await createCookieJar()) as CookieJar;
    expect(jar.store(host, [`a=1; Domain=${domain}`])).toEqual(['1']);
    expect(jar.header(host)).toBe('a=1');
    expect(jar.header(`https://sub.${new URL(host).hostname.replace(/^[\d.]+$/, 'gws')}/`)).toBe('');
  });

  it('F97: returns the values of stored cookies only', async () => {
    const jar = (await createCookieJar()) as CookieJar;
    expect(jar.store(url, ['a=one', 'b=two; Domain=other.com', 'c=three; Secure', 'nonsense', `d=${'x'.repeat(5000)}`])).toEqual(['one', 'three']);
  });

  it('does not exist in a browser, which keeps cookies itself', async () => {
    await expect(createBrowserJar()).resolves.toBeUndefined();
  });
});
