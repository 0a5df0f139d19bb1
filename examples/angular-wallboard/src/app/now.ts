/** The time of day as signals. A server does not render it, because its clock and zone are not the viewer's. */
import { DestroyRef, InjectionToken, afterNextRender, inject, signal, type Signal } from '@angular/core';

/** Epoch milliseconds, each second; `undefined` until the page runs in a browser. */
export const NOW = new InjectionToken<Signal<number | undefined>>('now', {
  factory: () => {
    const now = signal<number | undefined>(undefined);
    const destroyRef = inject(DestroyRef);
    afterNextRender(() => {
      now.set(Date.now());
      const timer = setInterval(() => now.set(Date.now()), 1000);
      destroyRef.onDestroy(() => clearInterval(timer));
    });
    return now.asReadonly();
  },
});

const format = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });

/** `14:02:07`, in the viewer's zone. */
export const clockTime = (time: number | undefined): string => (time === undefined ? '--:--:--' : format.format(time));

/** `87%`, without decimals, so that its width does not change with them. */
export const percent = (value: number | null | undefined): string => (typeof value === 'number' ? `${Math.round(value)}%` : '');

/** `4:07`, or `1:04:07` from an hour on. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (part: number): string => String(part).padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}
