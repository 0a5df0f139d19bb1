/**
 * The wait after a failure of one upstream: for a backoff that grows with consecutive failures, a Retry-After, a permit of the
 * circuit breaker, or a new token. Owns the count of failures. Knows neither what is tried nor when to give up.
 */
import type { StatisticsError } from '../../model/errors.js';
import { shortestWait } from '../../time/backoff.js';
import { createPause } from '../../time/pause.js';
import type { UpstreamContext } from '../context.js';
import type { CircuitBreaker } from './circuit-breaker.js';
import { retryDelay, spread } from './retry-delay.js';
import { retryAfterOf, type Verdict } from './verdict.js';

/** Identifies a request in events. */
interface RequestLabel {
  readonly operation: 'open' | 'poll';
  readonly subscriptionId?: string;
  readonly attempt: number;
}

/** The attempts at one request, from the first to the one that succeeds. */
export interface Attempt {
  /** Call before each request is sent. */
  begin(): void;
  /** Reports that the server has answered, with any status, so that the circuit breaker can close. */
  answered(): void;
  /**
   * Waits for the condition that makes another attempt worthwhile. Resolves to whether it should be made.
   *
   * @param ceiling - milliseconds: a smaller maximum than usual for the backoff.
   */
  mayRetry(verdict: Verdict, error: StatisticsError, ceiling?: number): Promise<boolean>;
}

export interface RetryPolicy {
  /** Consecutive failures. */
  readonly failures: number;
  readonly lastError: StatisticsError | undefined;
  /** @param subscriptionId - the subscription that the request reads or replaces. */
  attempt(operation: RequestLabel['operation'], subscriptionId: string | undefined): Attempt;
  /**
   * Waits out a Retry-After that any upstream received, and then a random time, so that the upstreams do not all go on at once.
   * Resolves to whether to go on.
   */
  waitOutHoldOff(): Promise<boolean>;
  /**
   * Counts one more failure of the upstream and waits for its backoff. Resolves to whether to go on.
   *
   * @param subscriptionId - the subscription to replace.
   */
  backOff(error: StatisticsError, subscriptionId: string | undefined): Promise<boolean>;
  /** Reports a failure that needs no wait, and does not count it. */
  record(error: StatisticsError): void;
  /** Ends the present backoff, but not a Retry-After. */
  wake(): void;
  /** Resets the count of failures. Call it for healthy polls only: a subscription that dies at once is no success. */
  reset(): void;
}

/**
 * @param interval - returns the present interval between polls, in milliseconds.
 * @param failuresBefore - consecutive failures of a predecessor, so that the backoff continues from there.
 */
export function createRetryPolicy(
  context: Pick<UpstreamContext, 'clock' | 'closing' | 'credentials' | 'monitor' | 'retryOptions' | 'track'>,
  breaker: CircuitBreaker,
  interval: () => number,
  failuresBefore: number,
): RetryPolicy {
  const { clock, closing, credentials, monitor, retryOptions, track } = context;
  const pause = createPause(clock, closing);
  let failures = failuresBefore;
  let lastError: StatisticsError | undefined;

  /** @param waves - consecutive failed waves of the whole client, including this one; 0 if the server was reached. */
  async function backOff(request: RequestLabel, error: StatisticsError, waves = 0, ceiling?: number): Promise<boolean> {
    failures = Math.max(failures + 1, waves);
    lastError = error;
    const own = retryDelay(context, error, failures, interval(), ceiling);
    breaker.holdOff(Math.min(retryAfterOf(error) ?? 0, retryOptions.maxTimeout));
    const shared = waves > 0 ? breaker.probeIn(own, waves) : own;
    const held = breaker.heldOffFor();
    const delay = Math.max(shared, shortestWait(retryOptions.minTimeout), held > own ? held + spread(context, interval()) : 0);
    track.failing(error, delay);
    monitor.emit({ type: 'retrying', ...request, delay, error });
    // A wake-up ends the backoff, but never a Retry-After, which applies to every upstream.
    if (!(await pause.wait(delay)) || !(await waitOutHoldOff())) {
      return false;
    }
    track.trying();
    return breaker.waitForPermit(closing);
  }

  async function waitOutHoldOff(): Promise<boolean> {
    for (let wait = breaker.heldOffFor(); wait > 0 && !closing.aborted; wait = breaker.heldOffFor()) {
      await pause.wait(wait + spread(context, interval()));
    }
    return !closing.aborted;
  }

  return {
    get failures() {
      return failures;
    },
    get lastError() {
      return lastError;
    },
    attempt(operation, subscriptionId) {
      const request = { operation, ...(subscriptionId === undefined ? {} : { subscriptionId }) };
      let tries = 0;
      // Without the option `token` there is no other token to wait for.
      let renewed = !credentials.renewable;
      let call = breaker.call();
      return {
        begin() {
          call = breaker.call();
        },
        answered: () => call.succeeded(),
        async mayRetry(verdict, error, ceiling) {
          if (verdict === 'network') {
            return backOff({ ...request, attempt: ++tries }, error, call.failed(), ceiling);
          }
          call.succeeded();
          if (verdict !== 'unauthorized') {
            return backOff({ ...request, attempt: ++tries }, error, 0, ceiling);
          }
          track.failing(error);
          // A new token that is refused as well does not help: back off as after any failure.
          if (renewed && !(await backOff({ ...request, attempt: ++tries }, error))) {
            return false;
          }
          renewed = true;
          await credentials.renewed(error, closing);
          return !closing.aborted;
        },
      };
    },
    waitOutHoldOff,
    backOff: (error, subscriptionId) =>
      backOff({ operation: 'open', ...(subscriptionId === undefined ? {} : { subscriptionId }), attempt: failures + 1 }, error),
    record(error) {
      lastError = error;
      track.failing(error);
    },
    wake: pause.wake,
    reset() {
      failures = 0;
    },
  };
}
