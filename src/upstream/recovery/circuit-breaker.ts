/**
 * How the server is to be reached, for all upstreams of a client together: while nothing gets through, one of them tries
 * and the others wait, so that a sick server sees less, not more; when it is back they come two for each success. Owns
 * that queue, and what a server asks of everybody by Retry-After. Knows nothing of subscriptions.
 */
import type { Cancel, Clock } from '../../time/clock.js';

export interface CircuitBreaker {
  /** Waits until a request may be sent; resolves whether to send it: not when the signal ended the wait. */
  turn(signal: AbortSignal): Promise<boolean>;
  /** A request is about to be sent: to be told how it went. */
  attempt(): Attempt;
  /** Whoever failed to get through waits so many milliseconds: so do all that wait for their turn. */
  retryIn(delay: number): void;
  /** The server asks everybody to leave it alone for so many milliseconds. */
  leaveAlone(milliseconds: number): void;
  /** How much of that is left; 0 or less: nothing. */
  embargo(): number;
  /** One more try now, whatever the wait. */
  hurry(): void;
}

export interface Attempt {
  /** Something of the server's own came back, whatever it says. */
  worked(): void;
  /** Nothing got through. Returns how many waves of the whole client's attempts have failed on end by now, from 1. */
  failed(): number;
}

/** So many attempts that failed on end, whoever made them, and it is not about one of the upstreams. */
const failedToBeSick = 3;
/** Each success lets so many of those that wait go on. */
const releasedBySuccess = 2;

/** @param patience - milliseconds after which one that was let go, and has told nothing, is not waited for any more. */
export function createCircuitBreaker(clock: Clock, patience: number): CircuitBreaker {
  const queue = new Set<() => void>();
  /** On end: attempts that failed, and waves of them. One wave of many upstreams shows that the host is sick. */
  let failed = 0;
  let waves = 0;
  let nextAt = 0;
  let embargoUntil = 0;
  let cancelTimer: Cancel | undefined;

  function release(): void {
    const [first] = queue;
    if (first !== undefined) {
      queue.delete(first);
      first();
    }
  }

  /** Lets the next one go when it is time, for as long as anybody waits. */
  function arm(): void {
    cancelTimer?.();
    if (queue.size > 0) {
      cancelTimer = clock.after(nextAt - clock.monotonic(), releaseNext);
    }
  }

  function releaseNext(): void {
    nextAt = clock.monotonic() + patience;
    release();
    arm();
  }

  return {
    turn(signal) {
      const free = failed < failedToBeSick && queue.size === 0;
      if (signal.aborted || free) {
        return Promise.resolve(!signal.aborted);
      }
      if (queue.size === 0 && clock.monotonic() >= nextAt) {
        nextAt = clock.monotonic() + patience;
        return Promise.resolve(true);
      }
      return new Promise((resolve) => {
        const go = (): void => {
          signal.removeEventListener('abort', leave);
          resolve(!signal.aborted);
        };
        const leave = (): void => {
          queue.delete(go);
          arm();
          go();
        };
        signal.addEventListener('abort', leave, { once: true });
        queue.add(go);
        arm();
      });
    },
    attempt() {
      const before = waves;
      return {
        worked() {
          failed = waves = 0;
          nextAt = clock.monotonic() + patience;
          for (let released = 0; released < releasedBySuccess; released++) {
            release();
          }
          arm();
        },
        failed() {
          failed++;
          // Those that were on their way together are one wave, not each one more.
          waves = Math.max(waves, before + 1);
          return waves;
        },
      };
    },
    retryIn(delay) {
      nextAt = clock.monotonic() + delay;
      arm();
    },
    leaveAlone(milliseconds) {
      embargoUntil = Math.max(embargoUntil, clock.monotonic() + milliseconds);
    },
    embargo: () => embargoUntil - clock.monotonic(),
    hurry() {
      nextAt = clock.monotonic();
      arm();
    },
  };
}
