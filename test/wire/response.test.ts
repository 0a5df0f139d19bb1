/** F140: answers of a program's own transport. Each part becomes text, is dropped, or is one clear failure, never a TypeError. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StatisticsNetworkError } from '../../src/index.js';
import { readResponse } from '../../src/wire/response.js';

const headersOf = (headers: unknown) => readResponse({ status: 200, headers, body: '' }).headers;
const cookiesOf = (headers: unknown, setCookies?: unknown) => readResponse({ status: 200, headers, body: '', setCookies }).setCookies;

describe('F140: the headers of a transport', () => {
  it.each<[string, unknown, Record<string, string>]>([
    ['a record of texts', { 'Retry-After': '5', AGE: '1' }, { 'retry-after': '5', age: '1' }],
    ['numbers', { 'retry-after': 5, age: 1n }, { 'retry-after': '5', age: '1' }],
    ['lists', { 'retry-after': ['5'], vary: ['a', 'b'], none: [] }, { 'retry-after': '5', vary: 'a, b' }],
    ['nothing', { 'retry-after': undefined, age: null }, {}],
    ['objects', { 'retry-after': { seconds: 5 }, age: () => 1, [Symbol('x')]: 'y' }, {}],
    ['names that differ by case', { Vary: 'a', vary: 'b' }, { vary: 'a, b' }],
    ['Headers', new Headers({ 'Retry-After': '5' }), { 'retry-after': '5' }],
    ['a Map', new Map<unknown, unknown>([['Retry-After', 5], [1, 2]]), { 'retry-after': '5' }],
    ['a list of pairs', [['Retry-After', '5'], 'x', [], null], { 'retry-after': '5' }],
    ['an iterable of other items', ['Retry-After', '5'], {}],
  ])('may be %s', (_, headers, read) => {
    expect(headersOf(headers)).toEqual(read);
  });

  it('may hold cookies as one text, as a list, in Headers, or beside the headers', () => {
    expect(cookiesOf({ 'Set-Cookie': 'a=1' })).toEqual(['a=1']);
    expect(cookiesOf({ 'set-cookie': ['a=1', 'b=2', 5, null] })).toEqual(['a=1', 'b=2', '5']);
    expect(cookiesOf(new Headers([['set-cookie', 'a=1'], ['set-cookie', 'b=2']]))).toEqual(['a=1', 'b=2']);
    expect(cookiesOf({ 'set-cookie': 'a=1' }, ['b=2', {}])).toEqual(['b=2']);
    expect(cookiesOf({}, 'b=2')).toEqual(['b=2']);
    expect(cookiesOf({})).toBeUndefined();
  });

  it('never change a prototype, even if one is called __proto__', () => {
    expect(Object.hasOwn(headersOf(JSON.parse('{"__proto__":"x"}')), '__proto__')).toBe(true);
    expect(({} as { x?: unknown }).x).toBeUndefined();
  });

  it('become text, or the answer is a StatisticsNetworkError', () => {
    fc.assert(
      fc.property(fc.anything({ withMap: true, withSet: true, withNullPrototype: true }), fc.anything(), (headers, setCookies) => {
        try {
          const response = readResponse({ status: 200, headers, body: '', setCookies });
          expect([...Object.values(response.headers), ...(response.setCookies ?? [])].every((each) => typeof each === 'string')).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(StatisticsNetworkError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
