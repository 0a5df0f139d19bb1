/** I19: each delay lies within its bounds, and a server's hint is a lower bound up to `maxTimeout`. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoff, parseRetryAfter } from '../../src/time/backoff.js';

const defaults = { minTimeout: 1000, maxTimeout: 30_000, factor: 2 };

describe('backoff', () => {
  it.each([
    [1, 0, 100],
    [1, 0.5, 500],
    [1, 0.999, 999],
    [3, 0.5, 2000],
    [6, 0.5, 15_000],
    [1000, 0.5, 15_000],
  ])('after failure %i and with chance %f, the delay is %i ms', (attempt, chance, delay) => {
    expect(backoff(defaults, attempt, chance)).toBe(delay);
  });

  it('uses a lower ceiling where one is given, without shortening a hint', () => {
    expect(backoff(defaults, 3, 0.5, 0, 1000)).toBe(500);
    expect(backoff(defaults, 3, 0.5, 0, 50), 'never below a tenth of minTimeout').toBe(100);
    expect(backoff(defaults, 3, 0.5, 7000, 1000)).toBe(7000);
  });

  it('I19: stays between a tenth of minTimeout and maxTimeout, and never below a hint up to maxTimeout', () => {
    const options = fc.record({ minTimeout: fc.integer({ min: 1, max: 10_000 }), more: fc.nat(100_000), factor: fc.double({ min: 1, max: 10, noNaN: true }) });
    fc.assert(
      fc.property(options, fc.integer({ min: 1, max: 2000 }), fc.double({ min: 0, max: 0.999_999, noNaN: true }), fc.nat(1e9), ({ minTimeout, more, factor }, attempt, chance, hint) => {
        const maxTimeout = minTimeout + more;
        const delay = backoff({ minTimeout, maxTimeout, factor }, attempt, chance, hint);
        expect(delay).toBeGreaterThanOrEqual(minTimeout / 10);
        expect(delay).toBeLessThanOrEqual(maxTimeout);
        expect(delay).toBeGreaterThanOrEqual(Math.min(hint, maxTimeout));
      }),
    );
  });
});

describe('F44: Retry-After', () => {
  const now = Date.parse('2026-11-24T12:00:00Z');

  it.each([
    ['120', 120_000],
    [' 0 ', 0],
    ['Tue, 24 Nov 2026 12:00:30 GMT', 30_000],
    ['Tuesday, 24-Nov-26 12:00:30 GMT', 30_000],
    ['Tue, 24 Nov 2026 11:00:00 GMT', 0],
    ['', undefined],
    ['-1', undefined],
    ['1.5', undefined],
    ['1e9', undefined],
    ['NaN', undefined],
    ['soon', undefined],
    ['120, 60', undefined],
    ['2026', 2_026_000],
    ['24 Nov 2026', undefined],
    ['Mon, nonsense', undefined],
    [undefined, undefined],
  ])('%j means %s ms', (header, milliseconds) => {
    expect(parseRetryAfter(header, now)).toBe(milliseconds);
  });
});
