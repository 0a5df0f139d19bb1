/** Node's own `fetch`; where there is none, `cross-fetch`. Neither has a cache or sends preflights. Owns the check that Node is not too old. */
import { StatisticsError } from '../../model/errors.js';
import type { Fetch } from '../fetch.js';

/** @throws StatisticsError on a Node that is too old, whose own failures would explain nothing: `isWellFormed is not a function`. */
export function requirePlatform(): void {
  const { node } = (globalThis as { process?: NodeJS.Process }).process?.versions ?? {};
  const [major = 0, minor = 0] = (node ?? '22.12').split('.').map(Number);
  if (major < 22 || (major === 22 && minor < 12)) {
    throw new StatisticsError(`genesys-statistics-rx needs Node 22.12 or later; this is Node ${node}`);
  }
}

/** Looks `fetch` up at each call, so that a later patch takes effect. */
export function platformFetch(): Fetch {
  // Loads Node's fetch now: its first use takes longer than most answers, and the first request must not wait for it.
  Reflect.get(globalThis, 'Response');
  return async (url, init) => {
    if (typeof globalThis.fetch === 'function') {
      return globalThis.fetch(url, init);
    }
    const { fetch } = await import('cross-fetch');
    return fetch(url, init);
  };
}

/** A `fetch` that no cache answers: with `no-store`, Node's also asks caches on the way not to answer. */
export function bypassCache(fetch: Fetch): Fetch {
  return (url, init) => fetch(url, { cache: 'no-store', ...init });
}
