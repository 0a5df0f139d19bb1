/**
 * A small cookie jar for Node over tough-cookie, loaded when the first cookie arrives. Load balancers bind a session to a node by
 * their own cookies beside `STATISTICS_SESSIONID`, so the jar keeps every cookie, within limits that no server can exceed.
 */
import type { CookieJar } from '../cookies.js';

const maxCookies = 64;
const maxBytes = 4096;
/** The most characters of all cookies together. Servers refuse a larger header, and then every request would fail for ever. */
const maxTotal = 8000;

export async function createCookieJar(): Promise<CookieJar | undefined> {
  const { Cookie, CookieJar: Jar } = await import('tough-cookie');
  const jar = new Jar();

  /** Stores one `Set-Cookie` header. Returns the cookie's value; `undefined` if the cookie is refused. */
  function take(text: string, url: string): string | undefined {
    const cookie = text.length <= maxBytes ? Cookie.parse(text) : undefined;
    if (cookie === undefined) {
      return undefined;
    }
    if (cookie.domain === new URL(url).hostname) {
      // A `Domain` that equals the host makes the cookie host-only, even if it is a public suffix such as `gws` (RFC 6265, 5.3).
      cookie.domain = null;
    }
    return jar.setCookieSync(cookie, url, { ignoreError: true })?.value;
  }

  return {
    header: (url) => jar.getCookieStringSync(url),
    store(url, setCookies) {
      const taken = setCookies.slice(0, maxCookies).flatMap((text) => take(text, url) ?? []);
      // This is more than any load balancer sets, so empty the jar rather than send ever larger headers. Cookies of all paths count.
      const all = jar.serializeSync()?.cookies ?? [];
      const size = all.reduce((sum, { key = '', value = '' }) => sum + key.length + value.length, 0);
      if (all.length > maxCookies || size > maxTotal) {
        jar.removeAllCookiesSync();
      }
      return taken;
    },
  };
}
