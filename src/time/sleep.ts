/** A wait that can be ended early, for example by a refresh, or because nobody needs it any more. */
import type { Clock } from './clock.js';

export interface Sleep {
  /** Resolves when the time is over or {@link wake} was called. */
  readonly done: Promise<void>;
  /** Ends the wait now. Does nothing once the wait is over. */
  wake(): void;
}

export function sleep(clock: Clock, delay: number): Sleep {
  let wake = (): void => undefined;
  const done = new Promise<void>((resolve) => {
    const cancel = clock.after(delay, resolve);
    wake = () => {
      cancel();
      resolve();
    };
  });
  return { done, wake };
}
