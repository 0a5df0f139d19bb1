/** How results are written for people. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatKpi } from '../../../src/kpi/index.js';

/** Locales write spaces of their own. */
const plain = (text: string): string => text.replace(/\s/gu, ' ');

describe('formatKpi', () => {
  it.each([
    [88.25, 'percent', 'en', '88.3%'],
    [88.25, 'percent', 'de', '88,3 %'],
    [100, 'percent', 'en', '100%'],
    [0, 'percent', 'fr', '0 %'],
    [0.256, 'ratio', 'de', '0,26'],
    [1234567, 'count', 'en', '1,234,567'],
    [1234567.25, 'count', 'de', '1.234.567,3'],
    [12.54, 'perHour', 'en', '12.5/h'],
    [0, 'seconds', 'en', '0s'],
    [7.84, 'seconds', 'en', '8s'],
    [59.4, 'seconds', 'en', '59s'],
    [59.6, 'seconds', 'en', '1:00'],
    [185, 'seconds', 'de', '3:05'],
    [3723, 'seconds', 'en', '1:02:03'],
    [360_000, 'seconds', 'en', '100:00:00'],
    [-70, 'seconds', 'en', '-1:10'],
    [-0.2, 'seconds', 'en', '0s'],
    [Infinity, 'seconds', 'en', '∞'],
    [null, 'percent', 'en', '–'],
    [undefined, 'seconds', 'en', '–'],
    [NaN, 'count', 'en', '–'],
  ] as const)('%s %s in %s is %s', (value, unit, locale, text) => {
    expect(plain(formatKpi(value, unit, { locale }))).toBe(text);
  });

  it('uses the platform locale by default', () => {
    expect(formatKpi(88.25, 'percent')).toBe(new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 1 }).format(0.8825));
  });

  it('refuses a unit or a locale that there is not', () => {
    expect(() => formatKpi(1, 'hours' as never)).toThrow(/^unit must be one of percent, ratio, count, perHour, seconds, got "hours"$/);
    expect(() => formatKpi(1, 'toString' as never)).toThrow(/^unit must be/);
    expect(() => formatKpi(1, 'count', { locale: 'no locale' })).toThrow(/^locale must be a language tag, such as en-US, got "no locale"$/);
  });

  it('writes whatever number there is', () => {
    fc.assert(fc.property(fc.double(), fc.constantFrom('percent', 'ratio', 'seconds', 'perHour', 'count'), (value, unit) => formatKpi(value, unit) !== ''));
  });

  it('keeps the order of times', () => {
    const parse = (text: string): number => text.replace('s', '').split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
    fc.assert(fc.property(fc.nat({ max: 1_000_000 }), (time) => parse(formatKpi(time, 'seconds', { locale: 'en' })) === time));
  });
});
