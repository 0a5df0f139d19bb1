/** Delays the stability of the application until first values have come, at most until a deadline. Knows nothing of statistics. */
import { DestroyRef, InjectionToken, PendingTasks, inject } from '@angular/core';
import { after } from './clock.js';

export interface Stability {
  /**
   * Delays stability until the returned function is called, or the deadline is over. Call it outside of the zone.
   *
   * @param onDeadline - called when the deadline is over, or at once if it already is.
   */
  wait(onDeadline?: () => void): () => void;
}

/** The deadline in milliseconds. */
export const DEADLINE = new InjectionToken('genesys-statistics-rx: deadline', { factory: () => 1000 });

export const STABILITY = new InjectionToken<Stability>('genesys-statistics-rx: stability');

/**
 * The factory of {@link STABILITY}. A render on the server has a single deadline. In a browser, a new deadline begins whenever a wait
 * begins while no other is pending.
 */
export function createStability(): Stability {
  const tasks = inject(PendingTasks);
  const deadline = inject(DEADLINE);
  const waiting = new Set<{ readonly onDeadline: (() => void) | undefined }>();
  let release: (() => void) | undefined;
  let cancel: (() => void) | undefined;
  let isOver = false;

  function end(): void {
    release?.();
    release = undefined;
    if (typeof ngServerMode === 'undefined' || !ngServerMode) {
      cancel?.();
      cancel = undefined;
    }
  }

  function onDeadline(): void {
    isOver = typeof ngServerMode !== 'undefined' && ngServerMode;
    cancel = undefined;
    const late = [...waiting];
    waiting.clear();
    late.forEach((each) => each.onDeadline?.());
    end();
  }

  inject(DestroyRef).onDestroy(() => {
    waiting.clear();
    cancel?.();
  });

  return {
    wait(whenLate) {
      if (typeof ngServerMode !== 'undefined' && ngServerMode && isOver) {
        whenLate?.();
        return () => undefined;
      }
      const me = { onDeadline: whenLate };
      waiting.add(me);
      release ??= tasks.add();
      cancel ??= after(deadline, onDeadline);
      return () => {
        if (waiting.delete(me) && waiting.size === 0) {
          end();
        }
      };
    },
  };
}
