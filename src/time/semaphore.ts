/**
 * Limits how many pieces of work run at once. Owns the queue; knows nothing of the work. A slot that is held for too long
 * counts as free, so that work that hangs delays the rest but blocks nothing.
 */
import type { Clock } from './clock.js';

export interface Semaphore {
  /** Waits for a slot and runs `work` in it. Rejects without running it if {@link rejectWaiting} comes first. */
  run<T>(work: () => Promise<T>): Promise<T>;
  /** Lets everything that waits run now, whether or not slots are free. */
  releaseAll(): void;
  /** Rejects everything that waits. */
  rejectWaiting(reason: Error): void;
}

/** @param holdTime - milliseconds after which a slot is given to the next in line, though `work` has not finished. */
export function createSemaphore(clock: Clock, slots: number, holdTime: number): Semaphore {
  const waiting: { readonly enter: () => void; readonly reject: (reason: Error) => void }[] = [];
  let taken = 0;

  function passOn(): void {
    const next = taken > slots ? undefined : waiting.shift();
    if (next === undefined) {
      taken--;
    } else {
      next.enter();
    }
  }

  return {
    async run(work) {
      if (taken < slots) {
        taken++;
      } else {
        await new Promise<void>((enter, reject) => waiting.push({ enter, reject }));
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
    releaseAll() {
      taken += waiting.length;
      waiting.splice(0).forEach(({ enter }) => enter());
    },
    rejectWaiting(reason) {
      waiting.splice(0).forEach(({ reject }) => reject(reason));
    },
  };
}
