/** The laws of a map with a limit, which Node's and the browser's implementation keep alike. */
import { describe, expect, it } from 'vitest';
import { createLruMap as inBrowsers } from '../../src/sharing/platform/lru.browser.js';
import { createLruMap as inNode } from '../../src/sharing/platform/lru.node.js';

describe.each([
  ['Node', inNode],
  ['a browser', inBrowsers],
])('a map with a limit in %s', (_, create) => {
  it('forgets the entry that was set longest ago, and tells which', () => {
    const evicted: unknown[] = [];
    const map = create<string, object>(2, (value) => evicted.push(value));
    const values = [{ at: 0 }, { at: 1 }, { at: 2 }, { at: 3 }] as const;
    map.set('a', values[0]);
    map.set('b', values[1]);
    map.set('a', values[2]);
    map.set('c', values[3]);
    expect([evicted, ['a', 'b', 'c'].map((key) => map.has(key))]).toEqual([[values[1]], [true, false, true]]);
  });

  it('tells nothing of entries that are deleted or replaced, and makes room for others', () => {
    const evicted: unknown[] = [];
    const map = create<string, object>(2, (value) => evicted.push(value));
    map.set('a', {});
    map.set('a', {});
    map.set('b', {});
    map.delete('a');
    map.delete('unknown');
    map.set('c', {});
    expect([evicted, ['a', 'b', 'c'].map((key) => map.has(key))]).toEqual([[], [false, true, true]]);
  });

  it('looking an entry up does not keep it', () => {
    const map = create<string, true>(1);
    map.set('a', true);
    map.has('a');
    map.set('b', true);
    expect([map.has('a'), map.has('b')]).toEqual([false, true]);
  });

  it('stays whole if the one who is told deletes and sets entries', () => {
    const map = create<string, { readonly key: string }>(2, ({ key }) => {
      map.delete(key);
      map.delete('b');
      if (key === 'a') {
        map.set('d', { key: 'd' });
      }
    });
    ['a', 'b', 'c'].forEach((key) => map.set(key, { key }));
    expect(['a', 'b', 'c', 'd'].filter((key) => map.has(key))).toEqual(['c', 'd']);
    ['e', 'f'].forEach((key) => map.set(key, { key }));
    expect(['c', 'd', 'e', 'f'].filter((key) => map.has(key))).toEqual(['e', 'f']);
  });
});

it('maps with a limit in Node and in a browser agree over random changes', () => {
  const one: number[] = [];
  const other: number[] = [];
  const maps = [inBrowsers<string, { readonly at: number }>(5, ({ at }) => one.push(at)), inNode<string, { readonly at: number }>(5, ({ at }) => other.push(at))] as const;
  let seed = 7;
  for (let at = 0; at < 2000; at++) {
    seed = (seed * 48_271) % 2_147_483_647;
    const key = String(seed % 9);
    maps.forEach((map) => (seed % 5 === 0 ? map.delete(key) : map.set(key, { at })));
    expect(maps[0].has(key)).toBe(maps[1].has(key));
  }
  expect(one).toEqual(other);
  expect(one.length).toBeGreaterThan(100);
});
