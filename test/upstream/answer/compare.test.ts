/** Comparing before parsing gives the same as decoding, JSON.parse and a deep comparison, whatever the answer. */
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createComparer, type Compared, type Comparer } from '../../../src/upstream/answer/compare.js';
import type { Entry } from '../../../src/wire/envelope.js';

function parse(text: string): readonly Entry[] | undefined {
  const { data } = JSON.parse(text) as { data?: { statistics?: unknown } };
  const list = data?.statistics;
  return Array.isArray(list) ? list.filter((entry): entry is Entry => typeof entry === 'object' && entry !== null && !Array.isArray(entry)) : undefined;
}

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Reads a body whose buffer is overwritten once it is released. */
function read(comparer: Comparer, text: string | Uint8Array, parseWhole: (text: string) => readonly Entry[] | undefined = parse): Compared | undefined {
  const bytes = typeof text === 'string' ? encode(text) : text.slice();
  return comparer.read({ bytes, release: () => void bytes.fill(0) }, () => parseWhole(new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
}

const same = (entry: Entry): Entry => entry;

const attempt = <T>(call: () => T): { value?: T; failed?: true } => {
  try {
    return { value: call() };
  } catch {
    return { failed: true };
  }
};

/** Reads all texts with one comparer, and checks each against JSON.parse. Returns the number of answers that were parsed as a whole. */
function check(texts: readonly (string | Uint8Array)[]): number {
  const comparer = createComparer(same);
  let before: readonly Entry[] | undefined;
  let parsed = 0;
  for (const text of texts) {
    const expected = attempt(() => parse(new TextDecoder('utf-8', { fatal: true }).decode(typeof text === 'string' ? encode(text) : text)));
    const got = attempt(() =>
      read(comparer, text, (whole) => {
        parsed++;
        return parse(whole);
      }),
    );
    expect(got.failed).toBe(expected.failed);
    expect(got.value?.entries).toEqual(expected.value);
    const { entries = [], changed } = got.value ?? {};
    if (changed !== undefined && before !== undefined) {
      entries.forEach((entry, index) => {
        if (!changed.includes(index)) {
          expect(isDeepStrictEqual(entry, before?.[index]), `entry ${index} of ${String(text)}`).toBe(true);
        }
      });
    }
    if (got.failed === undefined) {
      before = got.value?.entries;
    }
  }
  return parsed;
}

const entry = (id: number, value: unknown): object => ({ statisticId: `s${id}`, timestamp: 5, value });
/** Not UTF-8, unless the text is ASCII. */
const latin1 = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));
const body = (values: readonly unknown[], more: object = {}): string =>
  JSON.stringify({ status: { code: 0 }, data: { subscriptionId: 'x', statistics: values.map((value, id) => entry(id, value)), ...more } });

describe('comparing', () => {
  it('parses the first answer whole, and only changed entries of the next', () => {
    const comparer = createComparer(same);
    const values = Array.from({ length: 100 }, (_, index) => ({ intValue: index }));
    const first = read(comparer, body(values));
    expect(first?.changed).toBeUndefined();
    const never = (): never => {
      throw new Error('parsed');
    };
    expect(read(comparer, body(values), never)).toEqual({ entries: first?.entries, changed: [] });
    values[7] = { intValue: 123_456 };
    values[99] = { intValue: 0 };
    const second = read(comparer, body(values), never);
    expect(second?.changed).toEqual([7, 99]);
    expect(second?.entries[7]).toEqual(entry(7, { intValue: 123_456 }));
    expect(second?.entries[8]).toBe(first?.entries[8]);
  });

  it('releases each body once it has read the next', () => {
    const comparer = createComparer(same);
    const released: number[] = [];
    const texts = [body([1, 2]), body([1, 2]), body([1, 3]), '{"data":{}}', body([4]), body([5, 6, 7])];
    texts.forEach((text, index) => {
      expect(released).toHaveLength(Math.max(0, index - 1));
      comparer.read({ bytes: encode(text), release: () => released.push(index) }, () => parse(text));
    });
    expect(released).toEqual([0, 1, 2, 3, 4]);
  });

  it('also avoids parsing if there is white space between entries', () => {
    const spaced = (values: readonly unknown[]): string => body(values).replaceAll('},{', '},\n  {').replace(':[{', ': [ {').replace('}]', '}\n]');
    expect(check(Array.from({ length: 10 }, (_, round) => spaced([1, 2, round, 4])))).toBe(1);
  });

  it('also avoids parsing if the changed entries are neighbours', () => {
    const texts = Array.from({ length: 20 }, (_, round) => body(Array.from({ length: 200 }, (_each, index) => (index < 60 ? round : 0))));
    expect(check(texts)).toBe(1);
  });

  it('is tried again some answers after most entries changed', () => {
    const texts = Array.from({ length: 40 }, (_, round) => body(Array.from({ length: 100 }, (_each, index) => (round < 5 ? round : index))));
    expect(check(texts)).toBeLessThan(30);
  });

  it('is tried less and less often while everything changes, and as often as before after a success', () => {
    let kept = 0;
    const comparer = createComparer((each) => {
      kept++;
      return each;
    });
    let version = 0;
    const keptOver = (answers: number): number => {
      kept = 0;
      for (let answer = 0; answer < answers; answer++) {
        version++;
        read(comparer, body(Array.from({ length: 100 }, () => version)));
      }
      return kept - 100 * answers;
    };
    const tries = (more: number): number => more / 51;
    expect(tries(keptOver(2 + 16 + 1 + 32 + 1))).toBe(3);
    expect(tries(keptOver(64 + 1 + 128 + 1 + 256 + 1 + 256 + 1))).toBe(4);
    // Only one entry changes, so comparing is faster again.
    for (let answer = 0; answer < 260; answer++) {
      read(comparer, body(Array.from({ length: 100 }, (_, index) => (index === 0 ? answer : version))));
    }
    expect(tries(keptOver(2 + 16))).toBe(2);
  });

  it.each([
    ['more statistics', [body([1, 2]), body([1, 2, 3]), body([1])]],
    ['another order', [body([1, 2, 3]), body([3, 2, 1])]],
    ['no statistics', [body([]), body([]), body([1])]],
    ['strings that look like structure', [body(['},{"', '"]}', '\\"']), body(['},{"x', '"]}', '\\"']), body(['}', ']', '\\'])]],
    ['another head', [body([1]), body([1]).replace('"x"', '"y"'), body([2])]],
    ['another tail', [body([1], { z: 1 }), body([1], { z: 2 }), body([2], { z: 2 })]],
    ['a key twice', ['{"data":{"statistics":[{"a":1}],"statistics":[{"a":2}]}}', '{"data":{"statistics":[{"a":3}],"statistics":[{"a":2}]}}']],
    ['a key with an escape', ['{"data":{"statistics":[{"a":1}],"st\\u0061tistics":[{"a":2}]}}', '{"data":{"statistics":[{"a":3}],"st\\u0061tistics":[{"a":2}]}}']],
    // With three entries, one may change, and the answer is still compared.
    ['statistics twice, once with an escape', [1, 4].map((value) => `{"data":{"statistics":[{"a":${value}},{"a":2},{"a":3}],"st\\u0061tistics":[{"a":5},{"a":6},{"a":7}]}}`)],
    ['data twice, once with an escape', [1, 4].map((value) => `{"data":{"statistics":[{"a":${value}},{"a":2},{"a":3}]},"d\\u0061ta":{"statistics":[{"a":5},{"a":6},{"a":7}]}}`)],
    ['data twice', [1, 4].map((value) => `{"data":{"statistics":[{"a":${value}},{"a":2},{"a":3}]},"data":{"statistics":[{"a":5},{"a":6},{"a":7}]}}`)],
    ['an invalid separator behind a changed entry', [body([1, 2, 3]), body([4, 2, 3]).replace('},{', '};{'), body([4, 2, 3])]],
    ['white space', [JSON.stringify(JSON.parse(body([1, 2])), null, 2), JSON.stringify(JSON.parse(body([1, 3])), null, 2)]],
    ['characters that only look like white space', ['{"data":{"statistics":[{"a":1},{"a":2}]}}', '{"data":{"statistics":[{"a":1},\u0001{"a":2}]}}', '{"data":{"statistics":[{"a":1},\u00a0{"a":2}]}}']],
    ['white space in some answers', ['{"data":{"statistics":[{"a":1},{"a":2}]}}', '{"data":{"statistics":[{"a":1}, \n{"a":2}]}}', '{"data":{"statistics":[{"a":1} ,{"a":2} ]}}']],
    ['white space before an entry', ['{"data":{"statistics":[ {"a":1},{"a":2}]}}', '{"data":{"statistics":[ {"a":1},{"a":3}]}}']],
    ['entries that are no objects', ['{"data":{"statistics":[1,{"a":2}]}}', '{"data":{"statistics":[1,{"a":3}]}}', '{"data":{"statistics":[null,{"a":3}]}}']],
    ['no list', ['{"data":{"statistics":{}}}', '{"data":{}}', '{}', body([1]), '{"data":null}']],
    ['half an answer', [body([1, 2, 3]), body([1, 2, 3]).slice(0, -20), body([1, 2, 3]), `${body([1, 2, 3])}]`]],
    ['an entry broken in the middle', [body([1, 2, 3]), body([1, 2, 3]).replace('"value":2', '"value":,'), body([1, 2, 4])]],
    ['one entry that becomes two', ['{"data":{"statistics":[{"a":1}]}}', '{"data":{"statistics":[{"a":1},{"a":1}]}}', '{"data":{"statistics":[{"a":1},{"a":2}]}}']],
    ['two entries that become one', ['{"data":{"statistics":[{"a":1},{"b":2}]}}', '{"data":{"statistics":[{"a":1,"b":2}]}}']],
    ['an entry that swallows the next', ['{"data":{"statistics":[{"a":1},{"a":2}]}}', '{"data":{"statistics":[{"a":[1},{"a":2]}]}}']],
    ['an empty entry', ['{"data":{"statistics":[{},{}]}}', '{"data":{"statistics":[{},{"a":1}]}}']],
    ['a list of the same name elsewhere', ['{"statistics":[{"a":1}],"data":{"other":{"statistics":[{"a":2}]},"statistics":[{"a":3}]}}', '{"statistics":[{"a":1}],"data":{"other":{"statistics":[{"a":2}]},"statistics":[{"a":4}]}}']],
    ['a key behind a byte order mark', ['{"data":{"\ufeffstatistics":[{"a":1}],"statistics":[{"a":2}]}}', '{"data":{"\ufeffstatistics":[{"a":3}],"statistics":[{"a":2}]}}']],
    ['a byte order mark', [`\ufeff${body([1])}`, `\ufeff${body([2])}`, body([2])]],
    ['characters of several bytes', [body(['ü', '€', '😀']), body(['ü', '€€', '😀']), body(['ü', '', '😀']), body(['ü', '', 'a'])]],
    ['bytes that are not UTF-8', [body([1, '?', 3]), latin1(body([1, 'é', 3])), body([1, '?', 3]), latin1(body([1, 'é', 3])), latin1(body([1, 2, 3], { z: 'é' }))]],
    ['__proto__', ['{"data":{"statistics":[{"__proto__":{"a":1}}]}}', '{"data":{"statistics":[{"__proto__":{"a":2}}]}}']],
  ])('is exact with %s', (_, texts) => {
    check(texts);
  });

  const json = fc.jsonValue({ maxDepth: 2 });
  const lists = fc.array(json, { maxLength: 40 });

  it('equals JSON.parse for any sequence of answers', () => {
    fc.assert(fc.property(fc.array(lists, { minLength: 2, maxLength: 6 }), (rounds) => void check(rounds.map((values) => body(values)))));
  });

  it('equals JSON.parse if a few values of many change', () => {
    const changes = fc.array(fc.tuple(fc.nat(39), json), { maxLength: 5 });
    fc.assert(
      fc.property(fc.array(json, { minLength: 40, maxLength: 40 }), fc.array(changes, { minLength: 1, maxLength: 6 }), (values, rounds) => {
        const texts = [body(values)];
        for (const round of rounds) {
          round.forEach(([index, value]) => (values[index] = value));
          texts.push(body(values));
        }
        check(texts);
      }),
    );
  });

  it('equals JSON.parse for answers damaged at any place', () => {
    const damage = fc.record({ at: fc.double({ min: 0, max: 0.999, noNaN: true }), cut: fc.nat(12), insert: fc.stringMatching(/^[{}[\],":\\a1 \n\u0001]{0,6}$/) });
    fc.assert(
      fc.property(lists, fc.array(damage, { minLength: 1, maxLength: 6 }), (values, damages) => {
        const whole = body(values);
        check([whole, ...damages.map(({ at, cut, insert }) => {
          const place = Math.floor(at * whole.length);
          return whole.slice(0, place) + insert + whole.slice(place + cut);
        }), whole]);
      }),
      { numRuns: 1000 },
    );
  });

  it('equals decoding and JSON.parse for answers with any damaged byte', () => {
    const damage = fc.record({ at: fc.double({ min: 0, max: 0.999, noNaN: true }), byte: fc.nat(255) });
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 20 }), fc.array(damage, { minLength: 1, maxLength: 6 }), (values, damages) => {
        const whole = encode(body(values));
        check([whole, ...damages.flatMap(({ at, byte }) => [whole.with(Math.floor(at * whole.length), byte), whole])]);
      }),
      { numRuns: 1000 },
    );
  });

  it('F117: does not parse changed entries whose structure exceeds the limit of a whole answer', () => {
    const comparer = createComparer(same);
    const steady = Array.from({ length: 10 }, () => 1);
    read(comparer, body(steady));
    const empty = Array.from({ length: 100_000 }, () => []);
    let refused = 0;
    // Each of the four alone is small enough to be parsed unchecked.
    const text = body(steady.map((value, index) => (index < 4 ? empty : value)));
    const got = read(comparer, text, () => {
      refused++;
      return undefined;
    });
    expect([got, refused]).toEqual([undefined, 1]);
  });
});
