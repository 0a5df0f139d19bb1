/**
 * The stability of the application: it waits for first values, but no longer than a deadline. Knows nothing of statistics.
 */
import { DestroyRef, InjectionToken, PendingTasks, inject } from '@angular/core';
import { after } from './clock.js';

export interface Stability {
  /**
   * Waits for something, until the result is called or the deadline is over. Call it outside of the zone.
   *
   * @param onDeadline - called instead, once the deadline is over: at once where it is over already.
   */
  wait(onDeadline?: () => void): () => void;
}

/** Milliseconds. */
export const DEADLINE = new InjectionToken('genesys-statistics-rx: deadline', { factory: () => 1000 });

export const STABILITY = new InjectionToken<Stability>('genesys-statistics-rx: stability');

/**
 * The factory of {@link STABILITY}. In a browser each time that nothing had to be waited for before has a deadline of its own; a render on
 * the server has one in all.
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
