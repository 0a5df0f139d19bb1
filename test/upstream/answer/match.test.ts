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

/** The matched values, by the index of their definition. */
const valuesOf = (matcher: Matcher, entries: Record<string, unknown>[]): unknown[] => matcher.match(entries).readings.map((reading) => reading?.value);

describe('an entry', () => {
  it('F50: that comes twice counts with its newest timestamp, without timestamps the first one counts, also if only one of them changes', () => {
    const matcher = start(named('a'));
    const twice = (first: object, second: object): Record<string, unknown>[] => [first, second].map((each) => ({ statisticId: ids.of(0), ...each }));
    expect(valuesOf(matcher, twice({ value: 1 }, { value: 2 }))).toEqual([1]);
    expect(valuesOf(matcher, twice({ value: 1, timestamp: 5000 }, { value: 2, timestamp: 6000 }))).toEqual([2]);
    expect(valuesOf(matcher, twice({ value: 1, timestamp: 7000 }, { value: 2, timestamp: 6000 }))).toEqual([1]);
    const changed = twice({ value: 1, timestamp: 7000 }, { value: 3, timestamp: 8000 });
    expect(matcher.match(changed, [1]).readings.map((reading) => reading?.value)).toEqual([3]);
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

  it('F50: of an inline definition is matched even if the server made up a name for it', () => {
    expect(valuesOf(start(inline('CallWait')), [{ name: 'made up', ...sales, value: 1 }])).toEqual([1]);
  });

  it('I15: is matched by its id if the next answer changes the order', () => {
    const matcher = start(named('a'), named('b'));
    const both = [{ statisticId: ids.of(0), value: 1 }, { statisticId: ids.of(1), value: 2 }];
    expect(valuesOf(matcher, both)).toEqual([1, 2]);
    expect(valuesOf(matcher, both.toReversed())).toEqual([1, 2]);
    expect(matcher.match(both, [0, 1]).readings.map((reading) => reading?.value)).toEqual([1, 2]);
  });

  it('F18: is refused if it nests too deeply, also if no other entry changed', () => {
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

  it('I15: are known if the server makes up none, or has sent one for each statistic', () => {
    const matcher = start(named('a'), named('b'));
    expect([matcher.knowsIds(), matcher.of(0), matcher.of(1)]).toEqual([true, ids.of(0), ids.of(1)]);
    matcher.match([{ statisticId: 'its own', name: 'a', ...sales, value: 1 }]);
    expect([matcher.knowsIds(), matcher.of(0)]).toEqual([false, 'its own']);
    matcher.match([{ statisticId: 'another', name: 'b', ...sales, value: 1 }]);
    expect([matcher.knowsIds(), matcher.of(0), matcher.of(1)]).toEqual([true, 'its own', 'another']);
  });
});

describe('F153: an id that the server made up', () => {
  const other = { ...sales, objectId: 'Other@SIP' };
  const [first, second] = [{ name: 'a', ...sales }, { name: 'a', ...other }];

  it.each([
    ['is the same for several statistics', 'a', 'a', false],
    ['is empty', '', '', true],
    ['is 0 for all', 0, 0, false],
    ['was rounded, so that two became equal,', 2 ** 60, 2 ** 60, false],
  ])('and that %s identifies nothing: entries are matched by name in any order, and polls always ask for names', (_, one, two, knowsIds) => {
    const matcher = start(named('a'), named('a', other));
    const entries = [{ ...first, statisticId: one, value: 1 }, { ...second, statisticId: two, value: 2 }];
    expect(valuesOf(matcher, entries)).toEqual([1, 2]);
    expect(valuesOf(matcher, entries.toReversed().map(matcher.trimEntry))).toEqual([1, 2]);
    expect(valuesOf(matcher, entries.map(matcher.trimEntry))).toEqual([1, 2]);
    expect([matcher.seenAll(), matcher.knowsIds()]).toEqual([false, knowsIds]);
  });

  it('is forgotten, if it is a position, once it belongs to another statistic', () => {
    const matcher = start(named('a'), named('a', other));
    const entries = [{ ...first, value: 1 }, { ...second, value: 2 }];
    const numbered = (list: object[]): Record<string, unknown>[] => list.map((entry, index) => ({ ...entry, statisticId: String(index) }));
    expect(valuesOf(matcher, numbered(entries))).toEqual([1, 2]);
    expect(matcher.seenAll()).toBe(true);
    const turned = numbered(entries.toReversed());
    expect(matcher.match(turned.map(matcher.trimEntry), [0, 1]).readings.map((reading) => reading?.value)).toEqual([1, 2]);
    expect([matcher.seenAll(), matcher.knowsIds()]).toEqual([false, false]);
  });

  it('matches nothing once it comes back for a statistic that was not requested', () => {
    const matcher = start(named('a'));
    expect(valuesOf(matcher, [{ ...first, statisticId: '1', value: 1 }])).toEqual([1]);
    expect(valuesOf(matcher, [{ ...first, name: 'b', statisticId: '1', value: 2 }])).toEqual([undefined]);
  });
});

describe('F153: an id that was sent', () => {
  it('outweighs a name in another spelling, but not the name of another statistic', () => {
    const matcher = start(named('a'), named('b'));
    const entries = [{ statisticId: ids.of(0), name: 'a (Sales)', ...sales, value: 1 }, { statisticId: ids.of(1), name: 'b', ...sales, value: 2 }];
    expect(valuesOf(matcher, entries)).toEqual([1, 2]);
    expect(matcher.seenAll()).toBe(true);
    expect(valuesOf(matcher, [{ statisticId: ids.of(0), name: 'b', ...sales, value: 4 }, { statisticId: ids.of(1), name: 'a', ...sales, value: 3 }])).toEqual([3, 4]);
    expect(matcher.seenAll()).toBe(false);
  });
});

describe('F153: names and objects that come back in another case', () => {
  it('match, unless two statistics differ only by case', () => {
    const lower = { objectId: 'sales@sip', objectType: 'queue' };
    expect(valuesOf(start(named('a')), [{ name: 'A', ...lower, value: 1 }])).toEqual([1]);
    const both = start(named('a'), named('a', { ...sales, objectId: 'sales@sip' }));
    expect(valuesOf(both, [{ name: 'a', objectId: 'SALES@SIP', objectType: 'Queue', value: 1 }])).toEqual([undefined, undefined]);
    expect(valuesOf(both, [{ name: 'a', objectId: 'sales@sip', objectType: 'Queue', value: 2 }])).toEqual([undefined, 2]);
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

  it('matches alike, whether or not the changed places are known', () => {
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
