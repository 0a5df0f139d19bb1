/**
 * A small cookie jar for Node, by tough-cookie, loaded with the first cookie. Load balancers pin a session to a node by
 * cookies of their own beside `STATISTICS_SESSIONID`, so every cookie counts, within bounds that no server can pass.
 */
import type { CookieJar } from '../cookies.js';

const maxCookies = 64;
const maxBytes = 4096;
/** Characters of all cookies together. Servers refuse a larger header, and then every request would fail for ever. */
const maxTotal = 8000;

export async function createCookieJar(): Promise<CookieJar | undefined> {
  const { Cookie, CookieJar: Jar } = await import('tough-cookie');
  const jar = new Jar();

  /** Takes one `Set-Cookie` header; returns the cookie's value, unless it is refused. */
  function take(text: string, url: string): string | undefined {
    const cookie = text.length <= maxBytes ? Cookie.parse(text) : undefined;
    if (cookie === undefined) {
      return undefined;
    }
    if (cookie.domain === new URL(url).hostname) {
      // The host itself, be it a public suffix such as `gws`, makes the cookie host-only (RFC 6265, 5.3).
      cookie.domain = null;
    }
    return jar.setCookieSync(cookie, url, { ignoreError: true })?.value;
  }

  return {
    header: (url) => jar.getCookieStringSync(url),
    store(url, setCookies) {
      const taken = setCookies.slice(0, maxCookies).flatMap((text) => take(text, url) ?? []);
      // More than any balancer sets: start anew rather than send ever larger headers. Cookies of other paths count as well.
      const all = jar.serializeSync()?.cookies ?? [];
      const size = all.reduce((sum, { key = '', value = '' }) => sum + key.length + value.length, 0);
      if (all.length > maxCookies || size > maxTotal) {
        jar.removeAllCookiesSync();
      }
      return taken;
    },
  };
}
