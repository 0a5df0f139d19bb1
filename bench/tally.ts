/** Counts and sums what the observers of a contestant are told, as cheaply as possible, since every contestant pays for it. */
import { sumOf, type Observer, type SetObserver } from './job.ts';
import type { Tally } from './values.ts';

export interface TallyKeeper {
  observe(number: number): Observer;
  observeSet(number: number, setSize: number): SetObserver;
  now(): Tally;
  /** Resolves, with epoch milliseconds, once this many deliveries were made. */
  reach(deliveries: number): Promise<number>;
  /** Begins to record how old each delivered value is, in milliseconds. */
  recordAges(): number[];
  stopRecording(): void;
}

export function createTally(): TallyKeeper {
  let deliveries = 0;
  let checksum = 0;
  let awaited = -1;
  let reached: ((at: number) => void) | undefined;
  let ages: number[] | undefined;

  function delivered(): void {
    deliveries++;
    if (deliveries === awaited) {
      reached?.(Date.now());
    }
  }

  return {
    observe: (number) => (told) => {
      checksum = (checksum + sumOf(number, told.value.intValue)) | 0;
      if (ages !== undefined) {
        ages.push(Date.now() - told.value.timestamp);
      }
      delivered();
    },
    observeSet: (number, setSize) => (told) => {
      let statistic = number * setSize;
      for (const { value } of told) {
        checksum = (checksum + sumOf(statistic, value.intValue)) | 0;
        statistic++;
      }
      delivered();
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
