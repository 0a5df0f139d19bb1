/**
 * How many may be under way at once, whoever they are. Owns who waits; knows nothing of what they do. Whoever keeps a place
 * for long has it taken for free, so that those who hang delay the others and stop none.
 */
import type { Clock } from './clock.js';

export interface Semaphore {
  /** Waits for a place and runs `work` in it. Rejects, without having run it, with the reason of a `shut` meanwhile. */
  pass<T>(work: () => Promise<T>): Promise<T>;
  /** Lets in whoever waits, places or no places. */
  letIn(): void;
  /** Turns away whoever waits. */
  shut(reason: Error): void;
}

/** @param patience - milliseconds after which a place is given to the next, though `work` has not come to its end. */
export function createSemaphore(clock: Clock, places: number, patience: number): Semaphore {
  const waiting: { readonly enter: () => void; readonly turnAway: (reason: Error) => void }[] = [];
  let taken = 0;

  function passOn(): void {
    const next = taken > places ? undefined : waiting.shift();
    if (next === undefined) {
      taken--;
    } else {
      next.enter();
    }
  }

  return {
    async pass(work) {
      if (taken < places) {
        taken++;
      } else {
        await new Promise<void>((enter, turnAway) => waiting.push({ enter, turnAway }));
      }
      let inside = true;
      const leave = (): void => {
        if (inside) {
          inside = false;
          passOn();
        }
      };
      const cancel = clock.after(patience, leave);
      try {
        return await work();
      } finally {
        cancel();
        leave();
      }
    },
    letIn() {
      taken += waiting.length;
      waiting.splice(0).forEach(({ enter }) => enter());
    },
    shut(reason) {
      waiting.splice(0).forEach(({ turnAway }) => turnAway(reason));
    },
  };
}
