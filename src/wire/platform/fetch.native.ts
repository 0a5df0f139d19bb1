/** The `fetch` of browsers, workers, Deno and Bun. Looked up at each call, so one patched later is used. */
import type { Fetch } from '../fetch.js';

export function platformFetch(): Fetch {
  return (url, init) => globalThis.fetch(url, init);
}
