/** Formats a result for people, by `Intl`. Owns the look of each unit. Knows no formula. */
import { unfit } from '../../checks/arguments.js';
import type { KpiUnit } from './formula.js';

/** Options of {@link formatKpi}. */
export interface FormatOptions {
  /** A BCP 47 language tag. @defaultValue the platform's */
  readonly locale?: string | undefined;
}

type Writer = (value: number, locale: string | undefined) => string;

const writers: Readonly<Record<KpiUnit, Writer>> = {
  percent: (value, locale) => number(locale, { style: 'percent', maximumFractionDigits: 1 }).format(value / 100),
  ratio: (value, locale) => number(locale, { maximumFractionDigits: 2 }).format(value),
  count: (value, locale) => number(locale, { maximumFractionDigits: 1 }).format(value),
  perHour: (value, locale) => `${number(locale, { maximumFractionDigits: 1 }).format(value)}/h`,
  seconds,
};

/**
 * Formats a number in its unit as people write it. `null`, `undefined` and NaN become an en dash.
 *
 * Percents and counts have at most one decimal, ratios two. Times are whole seconds: `45s`, then `3:05`, then `1:02:03`.
 *
 * @throws StatisticsOptionError for an unknown unit or locale.
 *
 * @example
 * formatKpi(88.25, 'percent', { locale: 'de' }); // '88,3 %', with a no-break space
 * formatKpi(185, 'seconds', { locale: 'en' }); // '3:05'
 * formatKpi(null, 'percent'); // '–'
 */
export function formatKpi(value: number | null | undefined, unit: KpiUnit, { locale }: FormatOptions = {}): string {
  if (!Object.hasOwn(writers, unit)) {
    throw unfit('unit', unit, `one of ${Object.keys(writers).join(', ')}`);
  }
  if (typeof value !== 'number' || Number.isNaN(value)) {
    return '–';
  }
  return writers[unit](value, locale);
}

function number(locale: string | undefined, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  try {
    return new Intl.NumberFormat(locale, options);
  } catch {
    throw unfit('locale', locale, 'a language tag, such as en-US');
  }
}

function seconds(value: number, locale: string | undefined): string {
  const whole = Math.round(Math.abs(value));
  if (!Number.isFinite(whole)) {
    return number(locale, {}).format(value);
  }
  if (whole < 60) {
    return number(locale, { style: 'unit', unit: 'second', unitDisplay: 'narrow', maximumFractionDigits: 0 }).format(Math.round(value) + 0);
  }
  const first = number(locale, { useGrouping: false });
  const two = number(locale, { minimumIntegerDigits: 2 });
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const text = hours > 0 ? `${first.format(hours)}:${two.format(minutes)}:${two.format(rest)}` : `${first.format(minutes)}:${two.format(rest)}`;
  return value < 0 ? `-${text}` : text;
}
