/** Reports the number of lost values to the program, at most once a second. Does not know why they were lost. */
import { asyncScheduler, Observable, type Subscription } from 'rxjs';

/** The losses of one stream. */
export interface Losses {
  /** Counts values that the consumer will not get. */
  add(count: number): void;
  /** Reports the remaining losses now. Call it when nothing more can be lost. */
  end(): void;
}

/** Milliseconds between two reports. */
const pause = 1000;

export function createLosses(onDrop: ((count: number) => void) | undefined): Losses {
  let lost = 0;
  let timer: Subscription | undefined;

  const report = (): void => {
    const count = lost;
    lost = 0;
    timer = undefined;
    try {
      onDrop?.(count);
    } catch (error) {
      // Report the error as unhandled, as RxJS does for an observer that throws. The stream goes on.
      new Observable((subscriber) => subscriber.error(error)).subscribe();
    }
  };

  return {
    add(count) {
      if (count > 0 && onDrop !== undefined) {
        lost += count;
        timer ??= asyncScheduler.schedule(report, pause);
      }
    },
    end() {
      timer?.unsubscribe();
      if (lost > 0) {
        report();
      }
    },
  };
}
