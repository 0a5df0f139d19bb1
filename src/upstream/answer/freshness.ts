/** Telling that nothing usable came for so long that the values are stale. Owns the one timer of an upstream for that. */
import type { CadenceOptions } from '../../time/cadence.js';
import type { Cancel, Clock } from '../../time/clock.js';

export interface StaleDeps {
  readonly clock: Clock;
  readonly poll: Pick<CadenceOptions, 'maxInterval'> & { readonly staleAfter: number };
}

export interface Freshness {
  /** Something usable came: the time begins anew. */
  confirm(): void;
  /** Nobody is to be told any more. */
  end(): void;
}

/**
 * @param interval - milliseconds between polls, as things are.
 * @param stale - called once after each confirmation that nothing follows in time.
 */
export function createFreshness({ clock, poll }: StaleDeps, interval: () => number, stale: () => void): Freshness {
  let cancel: Cancel | undefined;
  return {
    confirm() {
      cancel?.();
      // Who polls more rarely than the client's options say can be told more rarely, too.
      const later = 2 * Math.max(0, interval() - poll.maxInterval);
      cancel = clock.after(poll.staleAfter + later, stale);
    },
    end: () => cancel?.(),
  };
}
