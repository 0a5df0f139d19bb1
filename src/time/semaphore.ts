/**
 * Limits how many pieces of work run at once. Owns the queue; knows nothing of the work. A slot that is held for too long
 * counts as free, so that work that hangs delays the rest but blocks nothing.
 */
import type { Clock } from './clock.js';

export interface Semaphore {
  /** Waits for a slot and runs `work` in it. */
  run<T>(work: () => Promise<T>): Promise<T>;
}

/** @param holdTime - milliseconds after which a slot is given to the next in line, though `work` has not finished. */
export function createSemaphore(clock: Clock, slots: number, holdTime: number): Semaphore {
  const waiting: (() => void)[] = [];
  let taken = 0;

  function passOn(): void {
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
          passOn();
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
