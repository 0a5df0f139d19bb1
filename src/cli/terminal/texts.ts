/** Texts of numbers and times for tables: short, with a dash for a missing number. Pure. */
import { formatKpi, type KpiUnit } from '../../kpi/index.js';

export const plural = (amount: number, noun: string): string => `${amount} ${noun}${amount === 1 ? '' : 's'}`;
export const count = (value: number | null): string => (value === null ? '-' : String(Math.round(value)));
export const percent = (value: number | null): string => (value === null ? '-' : `${value.toFixed(1)}%`);
export const signed = (value: number): string => `${value < 0 ? '' : '+'}${value.toFixed(1)}`;

/** `4:05`, `1:02:09`. */
export function clock(seconds: number | null): string {
  if (seconds === null) {
    return '-';
  }
  const whole = Math.max(0, Math.floor(seconds));
  const two = (part: number): string => String(part).padStart(2, '0');
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

/** `25s`, `3m`, `2h`. */
export function shortAge(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  return seconds < 100 ? `${seconds}s` : seconds < 6000 ? `${Math.floor(seconds / 60)}m` : `${Math.floor(seconds / 3600)}h`;
}

/** An age in steps of five seconds below a minute, so that it does not change every second. */
export function coarseAge(milliseconds: number): string {
  return shortAge(milliseconds < 60_000 ? Math.floor(milliseconds / 5000) * 5000 : milliseconds);
}

const kpiUnits: readonly string[] = ['percent', 'ratio', 'seconds', 'perHour', 'count'] satisfies KpiUnit[];

/** A number in its unit: times like a clock, percentages with their sign. Without a known unit, the number only. */
export function inUnit(value: number, unit: string): string {
  return unit === 'seconds' ? clock(value) : kpiUnits.includes(unit) ? formatKpi(value, unit as KpiUnit, { locale: 'en' }) : String(value);
}
