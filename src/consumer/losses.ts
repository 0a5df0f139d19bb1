/** Reports to the program how many values were lost: at most once a second. Must not know why they were. */
import { asyncScheduler, Observable, type Subscription } from 'rxjs';

/** The losses of one stream. */
export interface Losses {
  /** Counts values that the consumer will not get. */
  add(count: number): void;
  /** Reports what is left at once, for nothing more will be lost. */
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
      // As RxJS reports what an observer throws: unhandled, and the stream goes on.
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
