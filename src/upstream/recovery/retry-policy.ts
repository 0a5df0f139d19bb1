/**
 * What to wait for after a failure: a backoff that grows with the failures on end, what the server asks for, the turn
 * among all that wait for the host, or another token. Owns that count. Knows nothing of what is tried, nor of when to stop.
 */
import { StatisticsApiError, type StatisticsError } from '../../model/errors.js';
import { backoff, type BackoffOptions } from '../../time/backoff.js';
import type { Clock } from '../../time/clock.js';
import { createPause } from '../../time/pause.js';
import type { Credentials } from '../../wire/credentials.js';
import type { CircuitBreaker } from './circuit-breaker.js';
import type { Monitor, Track } from '../telemetry/monitor.js';
import { needsOperator, type Verdict } from './verdict.js';

export interface RetryPolicyDeps {
  readonly credentials: Credentials;
  readonly clock: Clock;
  readonly monitor: Monitor;
  readonly host: CircuitBreaker;
  readonly retryOptions: BackoffOptions;
}

/** Whose patience it is. */
export interface Impatient {
  readonly track: Track;
  /** Nobody waits any more. */
  readonly signal: AbortSignal;
  /** How many attempts failed on end before. */
  readonly failures: number;
}

type Operation = 'open' | 'poll';

/** The attempts at one thing, from the first to the one that succeeds. */
export interface Turn {
  /** An attempt is being made. */
  begin(): void;
  /** The server has answered, whatever it says: who waits for the host need not wait for this one any more. */
  reached(): void;
  /** Waits for what can make another attempt worthwhile; resolves whether to make it. */
  after(verdict: Verdict, error: StatisticsError): Promise<boolean>;
}

export interface RetryPolicy {
  /** Attempts that failed on end. */
  readonly failures: number;
  readonly lastError: StatisticsError | undefined;
  turn(operation: Operation): Turn;
  /** Waits for as long as the server asked everybody to, whoever it told; resolves whether to go on. */
  embargo(): Promise<boolean>;
  /** One more failure, and the backoff after it; resolves whether to go on. */
  rest(operation: Operation, error: StatisticsError): Promise<boolean>;
  /** A failure that calls for no wait. */
  note(error: StatisticsError): void;
  /** Ends the present wait as far as it may be shortened. */
  wake(): void;
  /** All is well: the next failure is the first again. Only a healthy poll says so, for an open that dies at once is no success. */
  restore(): void;
}

export function createRetryPolicy(deps: RetryPolicyDeps, { track, signal, failures: before }: Impatient): RetryPolicy {
  const { credentials, clock, monitor, host, retryOptions } = deps;
  const pause = createPause(clock, signal);
  let failures = before;
  let lastError: StatisticsError | undefined;

  /** @param onHost - how many on end have failed to reach the host, this one included; 0: it was reached. */
  async function rest(operation: Operation, error: StatisticsError, onHost = 0): Promise<boolean> {
    failures = Math.max(failures + 1, onHost);
    lastError = error;
    const asked = error instanceof StatisticsApiError ? error.retryAfter : undefined;
    const delay = backoff(retryOptions, failures, clock.random(), needsOperator(error) ? retryOptions.maxTimeout : asked);
    host.leaveAlone(Math.min(asked ?? 0, delay));
    if (onHost > 0) {
      host.retryIn(delay);
    }
    track.failing(error, delay);
    monitor.emit({ type: 'retrying', operation, attempt: failures, delay, error });
    // A wake-up cuts the backoff short, never the hint: that is an embargo like any other's.
    return (await pause.rest(delay)) && (await embargo()) && host.turn(signal);
  }

  async function embargo(): Promise<boolean> {
    for (let wait = host.embargo(); wait > 0 && !signal.aborted; wait = host.embargo()) {
      await pause.rest(wait);
    }
    return !signal.aborted;
  }

  return {
    embargo,
    get failures() {
      return failures;
    },
    get lastError() {
      return lastError;
    },
    turn(operation) {
      /** Without a token there is none to wait for. */
      let renewed = !credentials.renewable;
      let attempt = host.attempt();
      return {
        begin() {
          attempt = host.attempt();
        },
        reached: () => attempt.worked(),
        async after(verdict, error) {
          if (verdict === 'network') {
            return rest(operation, error, attempt.failed());
          }
          attempt.worked();
          if (verdict !== 'unauthorized' || !(error instanceof StatisticsApiError)) {
            return rest(operation, error);
          }
          track.failing(error);
          // A new token that is refused too says little of tokens: that is backed off from, like any failure.
          if (renewed && !(await rest(operation, error))) {
            return false;
          }
          renewed = true;
          await credentials.renewed(error, signal);
          return !signal.aborted;
        },
      };
    },
    rest,
    note(error) {
      lastError = error;
      track.failing(error);
    },
    wake: pause.wake,
    restore() {
      failures = 0;
    },
  };
}
