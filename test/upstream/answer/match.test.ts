/** Matching the statistics of answers with definitions, however little the server says about them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readDefinition, type Definition } from '../../../src/model/definition.js';
import { createIds } from '../../../src/upstream/answer/ids.js';
import { createMatcher, type Matcher } from '../../../src/upstream/answer/match.js';

const sales = { objectId: 'Sales@SIP', objectType: 'Queue' };
const inline = (mainMask: string): Definition => readDefinition({ definition: { category: 'CurrentNumber', subject: 'DNAction', mainMask }, ...sales });
const named = (name: string, object = sales): Definition => readDefinition({ name, ...object });
const ids = createIds('01234567-89', 100);
const start = (...definitions: Definition[]): Matcher => createMatcher(definitions, ids);

/** The values by definition. */
const valuesOf = (matcher: Matcher, entries: Record<string, unknown>[]): unknown[] => matcher.match(entries).readings.map((reading) => reading?.value);

describe('an entry', () => {
  it('F50: is ignored if an earlier entry has the same id', () => {
    const matcher = start(named('a'));
    expect(valuesOf(matcher, [{ statisticId: ids.of(0), value: 1 }, { statisticId: ids.of(0), value: 2 }])).toEqual([1]);
  });

  it('F50: without an id is matched by name, object and type together', () => {
    const agent = { objectId: 'Sales@SIP', objectType: 'Agent' };
    const matcher = start(named('a'), named('b'), named('a', agent), named('a', { ...sales, objectId: 'Other@SIP' }));
    expect(valuesOf(matcher, [{ name: 'a', ...agent, value: 3 }, { name: 'b', ...sales, value: 2 }, { name: 'a', ...sales, objectId: 'Other@SIP', value: 4 }, { name: 'a', ...sales, value: 1 }])).toEqual([1, 2, 3, 4]);
  });

  it('F50: without an id and a name is matched by its object with inline definitions, in their order', () => {
    const matcher = start(inline('CallWait'), named('a'), inline('CallRing'));
    expect(valuesOf(matcher, [{ ...sales, value: 1 }, { name: 'a', ...sales, value: 2 }, { ...sales, value: 3 }])).toEqual([1, 2, 3]);
  });

  it('F50: of an inline definition is matched even if the server made up a name', () => {
    expect(valuesOf(start(inline('CallWait')), [{ name: 'made up', ...sales, value: 1 }])).toEqual([1]);
  });

  it('I15: is matched by its id if the next answer changes the order', () => {
    const matcher = start(named('a'), named('b'));
    const both = [{ statisticId: ids.of(0), value: 1 }, { statisticId: ids.of(1), value: 2 }];
    expect(valuesOf(matcher, both)).toEqual([1, 2]);
    expect(valuesOf(matcher, both.toReversed())).toEqual([1, 2]);
    expect(matcher.match(both, [0, 1]).readings.map((reading) => reading?.value)).toEqual([1, 2]);
  });

  it('F18: is refused if it nests too deeply, also if it alone changed', () => {
    const matcher = start(named('a'), named('b'));
    const fine = [{ statisticId: ids.of(0), value: 1 }, { statisticId: ids.of(1), value: 2 }];
    const deep: unknown = JSON.parse(`${'['.repeat(100)}${']'.repeat(100)}`);
    matcher.match(fine);
    expect(() => matcher.match([{ statisticId: ids.of(0), value: deep }, ...fine.slice(1)], [0])).toThrow('nests too deeply');
    expect(() => matcher.match([{ statisticId: ids.of(0), value: deep }, ...fine.slice(1)])).toThrow('nests too deeply');
  });
});

describe('ids', () => {
  it('F49: are all seen once each statistic has come with an id', () => {
    const matcher = start(named('a'), named('b'), named('c'));
    matcher.match([{ statisticId: ids.of(0), value: 1 }, { name: 'b', ...sales, value: 2 }]);
    expect(matcher.seenAll()).toBe(false);
    matcher.match([{ statisticId: ids.of(1), value: 2 }]);
    expect(matcher.seenAll()).toBe(false);
    matcher.match([{ statisticId: 'its own', name: 'c', ...sales, value: 3 }]);
    expect(matcher.seenAll()).toBe(true);
  });

  it('I15: are known if the server makes up none, or has sent all it made up', () => {
    const matcher = start(named('a'), named('b'));
    expect([matcher.knowsIds(), matcher.of(0), matcher.of(1)]).toEqual([true, ids.of(0), ids.of(1)]);
    matcher.match([{ statisticId: 'its own', name: 'a', ...sales, value: 1 }]);
    expect([matcher.knowsIds(), matcher.of(0)]).toEqual([false, 'its own']);
    matcher.match([{ statisticId: 'another', name: 'b', ...sales, value: 1 }]);
    expect([matcher.knowsIds(), matcher.of(0), matcher.of(1)]).toEqual([true, 'its own', 'another']);
  });
});

describe('any sequence of answers', () => {
  const definitions = [named('a'), named('b'), inline('CallWait'), inline('CallRing')];
  const entry = fc.record(
    {
      statisticId: fc.constantFrom<unknown>(ids.of(0), ids.of(1), ids.of(2), ids.of(3), ids.of(7), 'made up', 'made up too', 5, null),
      name: fc.constantFrom('a', 'b', 'c'),
      objectId: fc.constantFrom(sales.objectId, 'Other@SIP'),
      objectType: fc.constant(sales.objectType),
      value: fc.nat(),
    },
    { requiredKeys: ['value'] },
  );
  const answers = fc.array(fc.array(entry, { maxLength: 7 }), { minLength: 1, maxLength: 6 });
  const stateOf = (matcher: Matcher): unknown => [matcher.seenAll(), matcher.knowsIds(), definitions.map((_, index) => matcher.of(index))];

  it('matches alike, whether or not entries are trimmed', () => {
    fc.assert(
      fc.property(answers, (all) => {
        const [whole, trimmed] = [start(...definitions), start(...definitions)];
        for (const entries of all) {
          expect(valuesOf(trimmed, entries.map(trimmed.trimEntry))).toEqual(valuesOf(whole, entries));
          expect(stateOf(trimmed)).toEqual(stateOf(whole));
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('matches alike, whether or not the places that changed are known', () => {
    const change = fc.record({ place: fc.nat(6), entry, sameId: fc.boolean() });
    fc.assert(
      fc.property(fc.array(entry, { minLength: 7, maxLength: 7 }), fc.array(fc.uniqueArray(change, { selector: ({ place }) => place, maxLength: 4 }), { maxLength: 5 }), (first, rounds) => {
        const [unaware, aware] = [start(...definitions), start(...definitions)];
        let entries: Record<string, unknown>[] = first;
        expect(valuesOf(aware, entries)).toEqual(valuesOf(unaware, entries));
        for (const changes of rounds) {
          entries = [...entries];
          for (const { place, entry: next, sameId } of changes) {
            entries[place] = sameId ? { ...entries[place], value: next.value } : next;
          }
          const matched = aware.match(entries, changes.map(({ place }) => place));
          expect(matched.readings.map((reading) => reading?.value)).toEqual(valuesOf(unaware, entries));
          expect(stateOf(aware)).toEqual(stateOf(unaware));
        }
      }),
      { numRuns: 2000 },
    );
  });
});
