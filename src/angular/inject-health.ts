/** How the client is doing, as a signal. */
import { DestroyRef, inject, signal, type Signal } from '@angular/core';
import type { Health } from '../index.js';
import { injectStatistics } from './statistics-client.js';

/**
 * How the client of the application is doing, as a signal, for a banner. On a server it is `'idle'`, since nothing is subscribed to
 * there.
 */
export function injectHealth(): Signal<Health> {
  // What `health$` emits at once is it.
  const health = signal(undefined as unknown as Health);
  // eslint-disable-next-line rxjs-x/no-ignored-error -- it never errors
  const subscription = injectStatistics().health$.subscribe((next) => health.set(next));
  inject(DestroyRef).onDestroy(() => subscription.unsubscribe());
  return health.asReadonly();
}
