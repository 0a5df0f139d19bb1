/**
 * One circuit breaker for all upstreams of a client. While no request gets through, one upstream tries and the others
 * wait, so that a server that is down sees less load, not more; each success then releases two that wait. Also owns what
 * a server asks of everybody by Retry-After. Knows nothing of subscriptions.
 */
import type { Cancel, Clock } from '../../time/clock.js';

export interface CircuitBreaker {
  /** Waits until a request may be sent; resolves `false` when the signal ended the wait. */
  waitForPermit(signal: AbortSignal): Promise<boolean>;
  /** A request is about to be sent, and its outcome will be reported. */
  call(): Call;
  /**
   * A request of this wave did not get through, and its sender would try again in `delay` milliseconds. While the breaker is
   * open, the first sender of a wave decides when one of them does. Returns in how many milliseconds that is.
   */
  probeIn(delay: number, wave: number): number;
  /** Lets one request through now, however long the wait. */
  probeNow(): void;
  /** Nobody may send anything for so many milliseconds: the server asked for it. */
  holdOff(milliseconds: number): void;
  /** Milliseconds that are left of it; 0 or less: none. */
  heldOffFor(): number;
  /** Whether the last request whose outcome is known did not get through. */
  readonly isFailing: boolean;
}

/** One request. */
export interface Call {
  /** Something of the server's own came back, whatever it says. */
  succeeded(): void;
  /** Nothing got through. Returns how many waves of the client's requests have failed in a row, from 1. */
  failed(): number;
}

/** This many consecutive failures of any upstreams open the breaker. */
const failureThreshold = 3;
const releasedPerSuccess = 2;

/** @param callTimeout - milliseconds after which a released request that has reported nothing is not waited for any more. */
export function createCircuitBreaker(clock: Clock, callTimeout: number): CircuitBreaker {
  const queue = new Set<() => void>();
  /** Consecutive requests that failed, and waves of them: upstreams that failed together count as one wave. */
  let failures = 0;
  let waves = 0;
  let probeAt = 0;
  /** The wave of failures that decided when. */
  let probedWave = 0;
  let heldOffUntil = 0;
  let cancelTimer: Cancel | undefined;

  function release(): void {
    const [first] = queue;
    if (first !== undefined) {
      queue.delete(first);
      first();
    }
  }

  /** The timer runs only while somebody waits, or it would keep the process alive (G13). */
  function arm(): void {
    cancelTimer?.();
    if (queue.size > 0) {
      cancelTimer = clock.after(probeAt - clock.monotonic(), releaseNext);
    }
  }

  function releaseNext(): void {
    probeAt = clock.monotonic() + callTimeout;
    release();
    arm();
  }

  return {
    waitForPermit(signal) {
      const isClosed = failures < failureThreshold && queue.size === 0;
      if (signal.aborted || isClosed) {
        return Promise.resolve(!signal.aborted);
      }
      if (queue.size === 0 && clock.monotonic() >= probeAt) {
        probeAt = clock.monotonic() + callTimeout;
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
    call() {
      const before = waves;
      return {
        succeeded() {
          failures = waves = probedWave = 0;
          probeAt = clock.monotonic() + callTimeout;
          for (let released = 0; released < releasedPerSuccess; released++) {
            release();
          }
          arm();
        },
        failed() {
          failures++;
          // Requests that were under way together fail as one wave.
          waves = Math.max(waves, before + 1);
          return waves;
        },
      };
    },
    probeIn(delay, wave) {
      const isScheduled = wave === probedWave && probeAt > clock.monotonic();
      if (!isScheduled) {
        probedWave = wave;
        probeAt = clock.monotonic() + delay;
        arm();
      }
      return failures < failureThreshold ? delay : probeAt - clock.monotonic();
    },
    probeNow() {
      probeAt = clock.monotonic();
      arm();
    },
    holdOff(milliseconds) {
      heldOffUntil = Math.max(heldOffUntil, clock.monotonic() + milliseconds);
    },
    heldOffFor: () => heldOffUntil - clock.monotonic(),
    get isFailing() {
      return failures > 0;
    },
  };
}
