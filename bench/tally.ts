/** What the observers of a contestant were told: counted and summed, as cheaply as can be, since every contestant pays for it. */
import { sumOf, type Observer } from './job.ts';
import type { Tally } from './values.ts';

export interface TallyKeeper {
  observe(number: number): Observer;
  now(): Tally;
  /** Resolves when so many deliveries were made; when, in epoch milliseconds. */
  reach(deliveries: number): Promise<number>;
  /** From now on, how old each delivered value is, in milliseconds. */
  recordAges(): number[];
  stopRecording(): void;
}

export function createTally(): TallyKeeper {
  let deliveries = 0;
  let checksum = 0;
  let awaited = -1;
  let reached: ((at: number) => void) | undefined;
  let ages: number[] | undefined;

  return {
    observe: (number) => (told) => {
      deliveries++;
      checksum = (checksum + sumOf(number, told.value.intValue)) | 0;
      if (ages !== undefined) {
        ages.push(Date.now() - told.value.timestamp);
      }
      if (deliveries === awaited) {
        reached?.(Date.now());
      }
    },
    now: () => ({ deliveries, checksum }),
    reach(count) {
      awaited = count;
      return new Promise((resolve) => {
        reached = resolve;
        if (deliveries >= count) {
          resolve(Date.now());
        }
      });
    },
    recordAges: () => (ages = []),
    stopRecording() {
      ages = undefined;
    },
  };
}
