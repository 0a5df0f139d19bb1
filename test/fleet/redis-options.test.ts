/** What `redisBus` takes for a client: one connection to one server, of `redis` 5 or later. */
import { createClient, createClientPool, createCluster, createSentinel } from 'redis';
import { describe, expect, it } from 'vitest';
import { redisBus } from '../../src/redis/index.js';

const url = 'redis://127.0.0.1:6379';

describe('the client of redisBus', () => {
  it('may be the result of createClient, which is not connected', () => {
    const client = createClient({ url });
    expect(redisBus({ client })).toHaveProperty('join');
    expect(client.isOpen).toBe(false);
  });

  it.each([
    ['a cluster', () => createCluster({ rootNodes: [{ url }] })],
    ['a sentinel', () => createSentinel({ name: 'primary', sentinelRootNodes: [{ host: '127.0.0.1', port: 26_379 }] })],
    ['a pool', () => createClientPool({ url })],
    ['a text', () => url],
    ['nothing', () => null],
  ])('is refused at once if it is %s', (_, make) => {
    expect(() => redisBus({ client: make() as object })).toThrow('client must be the result of createClient of the package redis, and no cluster, sentinel or pool, got');
  });

  it('is not given beside a URL, whose password no error shows', () => {
    expect(() => redisBus({ client: createClient({ url }), url: 'redis://:secret@host' })).toThrow(/^url must be (?!.*secret)/);
  });
});
