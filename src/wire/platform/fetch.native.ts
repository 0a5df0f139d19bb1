/**
 * The `fetch` of browsers, workers, Deno and Bun. Owns the cache mode of each request, so that the server answers and never a
 * browser's cache. Knows nothing of the API.
 */
import type { Fetch } from '../fetch.js';

/** Does nothing: a platform with its own `fetch` is new enough. */
export function requirePlatform(): void {}

/** Looks `fetch` up at each call, so that a later patch takes effect. */
export function platformFetch(): Fetch {
  return (url, init) => globalThis.fetch(url, init);
}

/** The most URLs to remember: more than a client polls at a time. A forgotten URL costs one more preflight. */
const mostKnown = 1000;

/**
 * Wraps `fetch` so that no cache answers. In the modes `no-store` and `reload`, Chromium also ignores its preflight cache, so each
 * poll would cost a preflight. A URL therefore gets the default mode once its last answer is one that no cache may reuse without
 * asking the server. Until then it gets `reload`, which replaces the cached answer.
 */
export function bypassCache(fetch: Fetch): Fetch {
  /** Ordered by last use, the oldest first. */
  const neverFresh = new Set<string>();
  return async (url, init) => {
    // No cache may answer a POST or a DELETE (RFC 9111, section 4). Each DELETE has its own URL, so remembering it saves nothing.
    if (init.method === 'POST') {
      return fetch(url, init);
    }
    if (init.method === 'DELETE') {
      return fetch(url, { cache: 'no-store', ...init });
    }
    const response = await fetch(url, { cache: neverFresh.has(url) ? 'default' : 'reload', ...init });
    neverFresh.delete(url);
    if (isNeverFresh(response)) {
      neverFresh.add(url);
    }
    if (neverFresh.size > mostKnown) {
      neverFresh.delete(neverFresh.values().next().value ?? '');
    }
    return response;
  };
}

/**
 * Whether a cache must ask the server before it reuses an answer (RFC 9111, section 4.2): the answer states no lifetime, and
 * holds nothing to guess one from. `false` in doubt. All headers used here, except `Age`, are readable across origins.
 */
function isNeverFresh({ ok, headers }: Response): boolean {
  const control = (headers.get('cache-control') ?? '').toLowerCase();
  const directives = control.split(',').map((directive) => directive.trim());
  if (!ok || headers.has('age') || control.includes('"')) {
    return false;
  }
  if (directives.includes('no-store') || directives.includes('no-cache')) {
    return true;
  }
  const lifetimes = directives.filter((directive) => /^(max-age|s-maxage|stale-)/.test(directive));
  if (lifetimes.length > 0) {
    return lifetimes.every((directive) => directive === 'max-age=0');
  }
  return !headers.has('last-modified') && /^(0|-1)?$/.test(headers.get('expires') ?? '');
}
