/** Node's own `fetch`, looked up at each call; where there is none, `cross-fetch`. */
import type { Fetch } from '../fetch.js';

/** Node loads its own with the first use, which takes longer than many an answer: so now, and not under the first request. */
export function platformFetch(): Fetch {
  Reflect.get(globalThis, 'Response');
  return async (url, init) => {
    if (typeof globalThis.fetch === 'function') {
      return globalThis.fetch(url, init);
    }
    const { fetch } = await import('cross-fetch');
    return fetch(url, init);
  };
}
