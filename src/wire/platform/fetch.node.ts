/** Node's own `fetch`; where there is none, `cross-fetch`. Neither has a cache or sends preflights. */
import type { Fetch } from '../fetch.js';

/** Looked up at each call, so that a later patch takes effect. */
export function platformFetch(): Fetch {
  // Node loads its fetch at the first use, which takes longer than many an answer: not while the first request waits.
  Reflect.get(globalThis, 'Response');
  return async (url, init) => {
    if (typeof globalThis.fetch === 'function') {
      return globalThis.fetch(url, init);
    }
    const { fetch } = await import('cross-fetch');
    return fetch(url, init);
  };
}

/** A `fetch` that no cache answers: with `no-store`, Node's asks caches on the way not to, either. */
export function bypassCache(fetch: Fetch): Fetch {
  return (url, init) => fetch(url, { cache: 'no-store', ...init });
}
