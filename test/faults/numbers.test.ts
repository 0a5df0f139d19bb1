/** F57, F58, F59: numbers and times as a server may write them. The result is always usable or `null`. */
import fc from 'fast-check';
import { map, of } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { numberOf, numeric, type StatisticValue } from '../../src/index.js';
import { epochMilliseconds } from '../../src/model/timestamp.js';
import { record } from '../support/journey.js';

const anything = fc.oneof(
  fc.jsonValue(),
  fc.anything(),
  fc.record({ intValue: fc.oneof(fc.double(), fc.integer(), fc.anything()), stringValue: fc.oneof(fc.double().map(String), fc.string(), fc.anything()) }, { requiredKeys: [] }),
);

const valueOf = (value: unknown): StatisticValue => ({ objectId: 'Sales@SIP', objectType: 'Queue', timestamp: null, value });

describe('F57: the number in a value', () => {
  it.each([
    ['3.7', 3, 3.7],
    ['3.7', 4, 3.7],
    ['-2.5', -2, -2.5],
    ['1.5e3', 1500, 1500],
    ['+7', 7, 7],
    ['7.', 7, 7],
    // A stringValue that differs from intValue before the point does not refine it.
    ['8', 7, 7],
    ['NaN', 5, 5],
    ['Infinity', 5, 5],
    ['-Infinity', 5, 5],
    ['1e999', 5, 5],
    ['', 5, 5],
    ['0x5', 5, 5],
    ['0b101', 5, 5],
    // Blanks around the number, a percent sign, no digit before the point, a comma as the point.
    [' 5.5 ', 5, 5.5],
    ['\t5.5\r\n', 5, 5.5],
    ['5.5%', 5, 5.5],
    ['5.5 % ', 5, 5.5],
    ['.5', 0, 0.5],
    ['-.5', 0, -0.5],
    [',5', 0, 0.5],
    ['5,5', 5, 5.5],
    ['99,95 %', 99, 99.95],
    ['-2.5', -3, -2.5],
    // Points and commas that separate thousands are no decimals.
    ['1,234', 1234, 1234],
    ['1,234', 1, 1.234],
    ['1.234.567', 1_234_567, 1_234_567],
    ['1,234.00', 1234, 1234],
    ['00:01:30', 90, 90],
    // Decimals that cannot be read, or belong to another number, are never dropped silently.
    ['1,234.5', 1234, null],
    ['5.5.5', 5, null],
    ['5,5,5', 5, null],
    ['8.5', 7, null],
    ['5.5 s', 5, null],
    ['1.5e999', 5, null],
    ['%', 5, 5],
    ['5 %%', 5, 5],
    ['\u0663', 3, 3],
    ['\uff15.\uff15', 5, 5],
    ['-0', 0, 0],
    ['-0.0', 0, 0],
    [null, 5, 5],
    [5.5, 5, 5],
    [['5.5'], 5, 5],
  ])('stringValue %j beside intValue %d is %s', (stringValue, intValue, number) => {
    expect(numberOf({ intValue, stringValue })).toBe(number);
  });

  it.each([
    [5, 5],
    [0.1, 0.1],
    [-0, 0],
    [Number.MAX_VALUE, Number.MAX_VALUE],
    [NaN, null],
    [Infinity, null],
    [-Infinity, null],
    ['5', null],
    ['', null],
    [true, null],
    [null, null],
    [undefined, null],
    [5n, null],
    [[5], null],
    [{}, null],
    [{ value: 5 }, null],
    [{ stringValue: '5' }, null],
    [{ intValue: null, stringValue: '5' }, null],
    [{ intValue: '5' }, null],
    [{ intValue: NaN }, null],
    [{ intValue: -0 }, 0],
    [JSON.parse('{"intValue":1e999}'), null],
    [JSON.parse('{"__proto__":{"intValue":5}}'), null],
    [Object.create({ intValue: 5 }), null],
  ])('%o is %s', (value, number) => {
    expect(numberOf(value)).toBe(number);
  });

  it('is a finite number that is not -0, or null, whatever the value', () => {
    fc.assert(
      fc.property(anything, (value) => {
        const number = numberOf(value);
        expect(number === null || (Number.isFinite(number) && !Object.is(number, -0))).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('is the number in stringValue, for every number that has one', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean(), (number, rounded) => {
        const intValue = rounded ? Math.round(number) : Math.trunc(number);
        expect(numberOf({ intValue, stringValue: String(number) })).toBe(number + 0);
      }),
      { numRuns: 2000 },
    );
  });

  it('is the same for a StatisticValue and for its value', () => {
    expect(numberOf(valueOf({ intValue: 5, stringValue: '5.5' }))).toBe(5.5);
    expect(numberOf(valueOf(7))).toBe(7);
    expect(numberOf(valueOf(null))).toBeNull();
    // An object with only some fields of a StatisticValue is not one.
    expect(numberOf({ objectId: 'a', value: { intValue: 5 } })).toBeNull();
  });

  it('numeric() returns the same number for a StatisticValue', () => {
    expect(record(of(...[1, NaN, -0].map((intValue) => valueOf({ intValue, stringValue: 'NaN' }))).pipe(numeric())).values).toEqual([1, null, 0]);
  });

  it('numeric() does not emit a number that equals the last one, even if a time beside it has changed', () => {
    const values = [0, 0, 3, 3, 0, NaN, NaN].map((intValue, index) => valueOf({ intValue, timestamp: index }));
    expect(record(of(...values).pipe(numeric())).values).toEqual([0, 3, 0, null]);
    expect(record(of(...values).pipe(map((value) => numberOf(value)))).values).toEqual([0, 0, 3, 3, 0, null, null]);
  });
});

describe('F58: integers above 2^53', () => {
  it('are the nearest double; every digit is still in the value, if the server sent it as text', () => {
    const value = JSON.parse('{"intValue":9007199254740993,"stringValue":"9007199254740993"}') as { stringValue: string };
    expect(numberOf(value)).toBe(2 ** 53);
    expect(BigInt(value.stringValue)).toBe(2n ** 53n + 1n);
  });

  it('of 400 digits are not a number', () => {
    const digits = '9'.repeat(400);
    expect(numberOf(JSON.parse(`{"intValue":${digits},"stringValue":"${digits}"}`))).toBeNull();
  });
});

describe('F59: a timestamp', () => {
  it.each([
    // Milliseconds, and the seconds of Stat Server itself.
    [1_795_453_483_316, 1_795_453_483_316],
    [1_795_453_483, 1_795_453_483_000],
    [1_795_453_483.316, 1_795_453_483_316],
    ['1795453483316', 1_795_453_483_316],
    ['1795453483', 1_795_453_483_000],
    [99_999_999_999, 99_999_999_999_000],
    [100_000_000_000, 100_000_000_000],
    // A server may have a wrong clock: its timestamps are emitted as they are.
    [4_102_444_800_000, 4_102_444_800_000],
    // Not a time at all.
    [0, null],
    ['0', null],
    [-1, null],
    [-1_795_453_483_316, null],
    [1_795_453_483_316_000, null],
    [1e300, null],
    [NaN, null],
    [Infinity, null],
    ['', null],
    ['1e12', null],
    ['2026-11-24T12:00:00Z', null],
    ['\u0661\u0667\u0669\u0665\u0664\u0665\u0663\u0664\u0668\u0663', null],
    [null, null],
    [undefined, null],
    [true, null],
    [[1_795_453_483_316], null],
    [{}, null],
  ])('%j is %s', (timestamp, milliseconds) => {
    expect(epochMilliseconds(timestamp)).toBe(milliseconds);
  });

  it('is null or a valid Date for any input, and keeps the order of timestamps of one unit', () => {
    fc.assert(
      fc.property(fc.oneof(fc.double(), fc.anything()), (timestamp) => {
        const milliseconds = epochMilliseconds(timestamp);
        expect(milliseconds === null || (milliseconds > 0 && !Number.isNaN(new Date(milliseconds).getTime()))).toBe(true);
      }),
      { numRuns: 2000 },
    );
    const pair = (min: number, max: number): fc.Arbitrary<[number, number]> => fc.tuple(fc.double({ min, max, noNaN: true }), fc.double({ min, max, noNaN: true }));
    fc.assert(
      fc.property(fc.oneof(pair(1, 1e11 - 1), pair(1e11, 1e14 - 1)), ([one, other]) => {
        const [earlier, later] = [epochMilliseconds(Math.min(one, other)), epochMilliseconds(Math.max(one, other))];
        expect(earlier).toBeLessThanOrEqual(later ?? NaN);
      }),
    );
  });
});
