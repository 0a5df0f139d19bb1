/** Node's own `fetch`, or `cross-fetch` if Node has none. Neither has a cache or sends preflights. Owns the check of Node's version. */
import { StatisticsError } from '../../model/errors.js';
import type { Fetch } from '../fetch.js';

/** @throws StatisticsError on a Node that is too old. Otherwise it would fail with `isWellFormed is not a function`. */
export function requirePlatform(): void {
  const { node } = (globalThis as { process?: NodeJS.Process }).process?.versions ?? {};
  const [major = 0, minor = 0] = (node ?? '22.12').split('.').map(Number);
  if (major < 22 || (major === 22 && minor < 12)) {
    throw new StatisticsError(`genesys-statistics-rx needs Node 22.12 or later; this is Node ${node}`);
  }
}

/** Looks `fetch` up at each call, so that a later patch takes effect. */
export function platformFetch(): Fetch {
  // Node loads `fetch` lazily, which takes longer than most answers, so load it now and not with the first request.
  Reflect.get(globalThis, 'Response');
  return async (url, init) => {
    if (typeof globalThis.fetch === 'function') {
      return globalThis.fetch(url, init);
    }
    const { fetch } = await import('cross-fetch');
    return fetch(url, init);
  };
}

/** Wraps `fetch` so that no cache answers: with `no-store`, Node's `fetch` sends a header that tells proxies not to answer from a cache. */
export function bypassCache(fetch: Fetch): Fetch {
  return (url, init) => fetch(url, { cache: 'no-store', ...init });
}
