/** Node's own `fetch`, looked up at each call; where there is none, `cross-fetch`. */
import type { Fetch } from '../fetch.js';

export const platformFetch: Fetch = async (url, init) => {
  if (typeof globalThis.fetch === 'function') {
    return globalThis.fetch(url, init);
  }
  const { fetch } = await import('cross-fetch');
  return fetch(url, init);
};
