/**
 * One circuit breaker for all upstreams of a client. While no request gets through, one upstream tries and the others wait, so
 * that a server that is down sees less load, not more. Each success then releases two waiting upstreams. Also owns the time until
 * which a Retry-After applies to everybody. Knows nothing of subscriptions.
 */
import type { Cancel, Clock } from '../../time/clock.js';

export interface CircuitBreaker {
  /** Waits until a request may be sent. Resolves `false` if the signal ended the wait. */
  waitForPermit(signal: AbortSignal): Promise<boolean>;
  /** Call before sending a request, and report its outcome to the result. */
  call(): Call;
  /**
   * Schedules the next attempt after a failed request of this wave, `delay` milliseconds from now. While the breaker is open, the
   * first request of a wave that fails decides for all. Returns the milliseconds until the next attempt.
   */
  probeIn(delay: number, wave: number): number;
  /** Lets one request through now, however much of the wait is left. */
  probeNow(): void;
  /** Records that the server asked, by Retry-After, for no requests during this number of milliseconds. */
  holdOff(milliseconds: number): void;
  /** Milliseconds that are left of the {@link holdOff}; 0 or less if it is over. */
  heldOffFor(): number;
  /** Whether the last known outcome of a request was a failure. */
  readonly isFailing: boolean;
}

/** One request. */
export interface Call {
  /** The server itself answered, with any status. */
  succeeded(): void;
  /** The request did not get through. Returns the number of consecutive failed waves of the client, from 1. */
  failed(): number;
}

/** This number of consecutive failures, of any upstreams, opens the breaker. */
const failureThreshold = 3;
const releasedPerSuccess = 2;

/** @param callTimeout - milliseconds to wait for the outcome of a released request before another one is released. */
export function createCircuitBreaker(clock: Clock, callTimeout: number): CircuitBreaker {
  const queue = new Set<() => void>();
  /** The number of consecutive failed requests, and of failed waves. Requests that were in flight together count as one wave. */
  let failures = 0;
  let waves = 0;
  let probeAt = 0;
  /** The wave that determined `probeAt`. */
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

  /** The timer runs only while an upstream waits. Otherwise it would keep the process alive (G13). */
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
