/**
 * Limits the number of tasks that run at once. Owns the queue; knows nothing of the tasks. A slot that is held for too long
 * counts as free, so that a task that hangs delays the others but never blocks them.
 */
import type { Clock } from './clock.js';

export interface Semaphore {
  /** Waits for a slot and runs `work` in it. */
  run<T>(work: () => Promise<T>): Promise<T>;
}

/** @param holdTime - milliseconds after which the slot goes to the next task, even if `work` has not finished. */
export function createSemaphore(clock: Clock, slots: number, holdTime: number): Semaphore {
  const waiting: (() => void)[] = [];
  let taken = 0;

  function releaseSlot(): void {
    const next = waiting.shift();
    if (next === undefined) {
      taken--;
    } else {
      next();
    }
  }

  return {
    async run(work) {
      if (taken < slots) {
        taken++;
      } else {
        await new Promise<void>((enter) => waiting.push(enter));
      }
      let inside = true;
      const leave = (): void => {
        if (inside) {
          inside = false;
          releaseSlot();
        }
      };
      const cancel = clock.after(holdTime, leave);
      try {
        return await work();
      } finally {
        cancel();
        leave();
      }
    },
  };
}
