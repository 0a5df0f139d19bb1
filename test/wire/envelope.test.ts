/** The number of statistics that an answer may hold beyond the requested ones. */
import { describe, expect, it } from 'vitest';
import { readEntries, requireFew } from '../../src/wire/envelope.js';

const list = (length: number): object[] => Array.from({ length }, () => ({}));

describe('F18: an answer', () => {
  it.each([
    [0, 1000],
    [1, 1002],
    [500, 2000],
  ])('to a request for %i statistics holds at most %i', (asked, most) => {
    expect(readEntries({ statistics: list(most) }, asked)).toHaveLength(most);
    const tooMany = `the answer holds ${most + 1} statistics, and ${asked} were asked for`;
    expect(() => readEntries({ statistics: list(most + 1) }, asked)).toThrow(tooMany);
    expect(() => requireFew(list(most), asked)).not.toThrow();
    expect(() => requireFew(list(most + 1), asked)).toThrow(tooMany);
  });
});
