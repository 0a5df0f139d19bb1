/** How a browser reads an answer: equal bytes are not parsed, any others are. */
import { describe, expect, it } from 'vitest';
import { createComparer } from '../../../src/upstream/answer/compare.browser.js';
import type { Entry } from '../../../src/wire/envelope.js';

function start() {
  const comparer = createComparer((entry, place) => ({ ...entry, place }));
  const released: string[] = [];
  let parsed = 0;
  return {
    comparer,
    released,
    parsed: () => parsed,
    read: (text: string) =>
      comparer.read({ bytes: new TextEncoder().encode(text), release: () => released.push(text) }, () => {
        parsed++;
        return JSON.parse(text) as readonly Entry[] | undefined;
      }),
  };
}

describe('an answer in a browser', () => {
  it('that repeats the last one is not parsed: it holds the same entries, none changed', () => {
    const { read, parsed } = start();
    const first = read('[{"a":1},{"a":2}]');
    expect(first).toEqual({ entries: [{ a: 1, place: 0 }, { a: 2, place: 1 }], changed: undefined });
    const second = read('[{"a":1},{"a":2}]');
    expect(second?.entries).toBe(first?.entries);
    expect([second?.changed, parsed()]).toEqual([[], 1]);
  });

  it.each(['[{"a":2}]', '[{"a":1} ]', '[{"a":1},{"a":1}]', '[]'])('that differs from the last one is parsed, and any entry may have changed: %s', (text) => {
    const { read, parsed } = start();
    read('[{"a":1}]');
    expect(read(text)).toEqual({ entries: (JSON.parse(text) as Entry[]).map((entry, place) => ({ ...entry, place })), changed: undefined });
    expect(parsed()).toBe(2);
    expect(read('[{"a":1}]')?.changed).toBeUndefined();
  });

  it('is parsed if the last one was discarded', () => {
    const { comparer, read, parsed } = start();
    read('[{"a":1}]');
    comparer.forget();
    expect(read('[{"a":1}]')).toEqual({ entries: [{ a: 1, place: 0 }], changed: undefined });
    expect(parsed()).toBe(2);
  });

  it('keeps its buffer until the next one is read, and no longer', () => {
    const { read, released } = start();
    read('[]');
    expect(released).toEqual([]);
    read('[{"a":1}]');
    read('[{"a":1}]');
    expect(released).toEqual(['[]', '[{"a":1}]']);
  });

  it('that cannot be parsed throws, and the next one is compared with the one before', () => {
    const { read, parsed } = start();
    read('[{"a":1}]');
    expect(() => read('[{"a":')).toThrow(SyntaxError);
    expect(read('[{"a":1}]')?.changed).toEqual([]);
    expect(parsed()).toBe(2);
  });

  it('without entries is undefined, and so is one that repeats it', () => {
    const { comparer, parsed } = start();
    const none = () => comparer.read({ bytes: new Uint8Array(2), release: () => undefined }, () => undefined);
    expect([none(), none(), parsed()]).toEqual([undefined, undefined, 0]);
  });
});
