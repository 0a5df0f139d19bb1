/**
 * A small cookie jar for Node, by tough-cookie, loaded with the first cookie. Load balancers pin a session to a node by
 * cookies of their own beside `STATISTICS_SESSIONID`, so every cookie counts, within bounds a hostile server cannot pass.
 */
import type { CookieJar } from '../cookies.js';

const maxCookies = 64;
const maxBytes = 4096;
/** Of all of them: servers refuse a header of much more, and then every request, so that nothing would ever work again. */
const maxTotal = 8000;

export async function createCookieJar(): Promise<CookieJar | undefined> {
  const { CookieJar: Jar } = await import('tough-cookie');
  const jar = new Jar();
  return {
    header: (url) => jar.getCookieStringSync(url),
    store(url, setCookies) {
      for (const text of setCookies.slice(0, maxCookies)) {
        if (text.length <= maxBytes) {
          jar.setCookieSync(text, url, { ignoreError: true });
        }
      }
      // More than any balancer sets: start anew rather than grow, or send ever larger headers. Those of other paths count too.
      const all = jar.serializeSync()?.cookies ?? [];
      const size = all.reduce((sum, { key = '', value = '' }) => sum + key.length + value.length, 0);
      if (all.length > maxCookies || size > maxTotal) {
        jar.removeAllCookiesSync();
      }
    },
  };
}
