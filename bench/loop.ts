/**
 * The poll loop that a program without a library writes: it opens, polls at an interval from the end of the last poll, and deletes at
 * the end. It also deletes if it has to end while it is still opening. Knows nothing of values.
 */
import type { Running } from './job.ts';

export interface Steps {
  open(): Promise<void>;
  poll(): Promise<void>;
  remove(): Promise<void>;
}

export function runLoop(interval: number, { open, poll, remove }: Steps): Running {
  let wake: (() => void) | undefined;
  let leaving = false;
  const isLeaving = (): boolean => leaving;

  function pause(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, interval);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async function run(): Promise<void> {
    await open();
    while (!isLeaving()) {
      await pause();
      if (!isLeaving()) {
        await poll();
      }
    }
    await remove();
  }

  const ended = run();
  return {
    leave() {
      leaving = true;
      wake?.();
    },
    close: () => ended,
  };
}
