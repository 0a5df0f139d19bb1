/** Whose a statistic of an answer is, as little as the server may say of it. */
import { describe, expect, it } from 'vitest';
import { readDefinition, type Definition } from '../../../src/model/definition.js';
import { createIds } from '../../../src/upstream/answer/ids.js';
import { createMatcher, type Matcher } from '../../../src/upstream/answer/match.js';

const sales = { objectId: 'Sales@SIP', objectType: 'Queue' };
const inline = (mainMask: string): Definition => readDefinition({ definition: { category: 'CurrentNumber', subject: 'DNAction', mainMask }, ...sales });
const named = (name: string, object = sales): Definition => readDefinition({ name, ...object });
const ids = createIds('01234567-89', 100);
const start = (...definitions: Definition[]): Matcher => createMatcher(definitions, ids);

/** What each definition is told. */
const told = (matcher: Matcher, entries: Record<string, unknown>[]): unknown[] => matcher.match(entries).readings.map((reading) => reading?.value);

describe('a statistic', () => {
  it('F50: that comes twice is the first of the two', () => {
    const matcher = start(named('a'));
    expect(told(matcher, [{ statisticId: ids.of(0), value: 1 }, { statisticId: ids.of(0), value: 2 }])).toEqual([1]);
  });

  it('F50: without an id goes by name, object and type, all three', () => {
    const agent = { objectId: 'Sales@SIP', objectType: 'Agent' };
    const matcher = start(named('a'), named('b'), named('a', agent), named('a', { ...sales, objectId: 'Other@SIP' }));
    expect(told(matcher, [{ name: 'a', ...agent, value: 3 }, { name: 'b', ...sales, value: 2 }, { name: 'a', ...sales, objectId: 'Other@SIP', value: 4 }, { name: 'a', ...sales, value: 1 }])).toEqual([1, 2, 3, 4]);
  });

  it('F50: of an inline definition, without an id, goes by its object, each to its own in their order', () => {
    const matcher = start(inline('CallWait'), named('a'), inline('CallRing'));
    expect(told(matcher, [{ ...sales, value: 1 }, { name: 'a', ...sales, value: 2 }, { ...sales, value: 3 }])).toEqual([1, 2, 3]);
  });

  it('F50: of an inline definition may come with a name that nobody gave it', () => {
    expect(told(start(inline('CallWait')), [{ name: 'made up', ...sales, value: 1 }])).toEqual([1]);
  });

  it('I15: is told by its id where the next answer has another in its place', () => {
    const matcher = start(named('a'), named('b'));
    const both = [{ statisticId: ids.of(0), value: 1 }, { statisticId: ids.of(1), value: 2 }];
    expect(told(matcher, both)).toEqual([1, 2]);
    expect(told(matcher, both.toReversed())).toEqual([1, 2]);
    expect(matcher.match(both, [0, 1]).readings.map((reading) => reading?.value)).toEqual([1, 2]);
  });

  it('F18: that nests without end is refused, also where it alone changed', () => {
    const matcher = start(named('a'), named('b'));
    const fine = [{ statisticId: ids.of(0), value: 1 }, { statisticId: ids.of(1), value: 2 }];
    const deep: unknown = JSON.parse(`${'['.repeat(100)}${']'.repeat(100)}`);
    matcher.match(fine);
    expect(() => matcher.match([{ statisticId: ids.of(0), value: deep }, ...fine.slice(1)], [0])).toThrow('nests too deeply');
    expect(() => matcher.match([{ statisticId: ids.of(0), value: deep }, ...fine.slice(1)])).toThrow('nests too deeply');
  });
});

describe('ids', () => {
  it('F49: are all seen once each statistic has come by one', () => {
    const matcher = start(named('a'), named('b'), named('c'));
    matcher.match([{ statisticId: ids.of(0), value: 1 }, { name: 'b', ...sales, value: 2 }]);
    expect(matcher.seenAll()).toBe(false);
    matcher.match([{ statisticId: ids.of(1), value: 2 }]);
    expect(matcher.seenAll()).toBe(false);
    matcher.match([{ statisticId: 'its own', name: 'c', ...sales, value: 3 }]);
    expect(matcher.seenAll()).toBe(true);
  });

  it('I15: are known where the server has none of its own, or has told all of them', () => {
    const matcher = start(named('a'), named('b'));
    expect([matcher.knowsIds(), matcher.of(0), matcher.of(1)]).toEqual([true, ids.of(0), ids.of(1)]);
    matcher.match([{ statisticId: 'its own', name: 'a', ...sales, value: 1 }]);
    expect([matcher.knowsIds(), matcher.of(0)]).toEqual([false, 'its own']);
    matcher.match([{ statisticId: 'another', name: 'b', ...sales, value: 1 }]);
    expect([matcher.knowsIds(), matcher.of(0), matcher.of(1)]).toEqual([true, 'its own', 'another']);
  });
});
