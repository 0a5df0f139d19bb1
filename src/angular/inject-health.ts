/** The health of the client as a signal. */
import { DestroyRef, inject, signal, type Signal } from '@angular/core';
import type { Health } from '../index.js';
import { injectStatistics } from './statistics-client.js';

/** The health of the application's client as a signal, for a banner. On a server it is `'idle'`, because nothing is subscribed to there. */
export function injectHealth(): Signal<Health> {
  // `health$` emits at once, so this initial value is never seen.
  const health = signal(undefined as unknown as Health);
  // eslint-disable-next-line rxjs-x/no-ignored-error -- it never errors
  const subscription = injectStatistics().health$.subscribe((next) => health.set(next));
  inject(DestroyRef).onDestroy(() => subscription.unsubscribe());
  return health.asReadonly();
}
