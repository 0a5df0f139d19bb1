/**
 * The `fetch` of browsers, workers, Deno and Bun, and the cache mode of each request: the server answers every request, a
 * browser's cache none. Knows nothing of the API.
 */
import type { Fetch } from '../fetch.js';

/** Checks nothing: a platform with a `fetch` of its own is new enough. */
export function requirePlatform(): void {}

/** Looks `fetch` up at each call, so that a later patch takes effect. */
export function platformFetch(): Fetch {
  return (url, init) => globalThis.fetch(url, init);
}

/** More URLs than a client asks at a time; each that is forgotten costs one preflight. */
const mostKnown = 1000;

/**
 * A `fetch` that no cache answers. In the modes `no-store` and `reload` Chromium ignores its preflight cache as well, so a
 * preflight would go before every poll. The default mode is therefore used for a URL whose last answer no cache may reuse
 * without asking the server. Until then `reload` replaces what the cache holds, so nothing older remains in it.
 */
export function bypassCache(fetch: Fetch): Fetch {
  /** The least recently asked first. */
  const neverFresh = new Set<string>();
  return async (url, init) => {
    // No cache may answer a POST or a DELETE (RFC 9111, section 4). Each DELETE has a URL of its own, so no preflight is spared.
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
 * Whether a cache must ask the server before it reuses an answer (RFC 9111, section 4.2): the answer states no lifetime,
 * and a cache has nothing to guess one from. When in doubt, false. A page may read these headers of another origin, except
 * for `Age`.
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
