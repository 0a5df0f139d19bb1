/**
 * Finds out whether a 5xx means that the server is down or that it has forgotten a subscription. One upstream opens a new
 * subscription, and all learn from the outcome. Allows one such probe at a time, and ever fewer while probes fail, so that an outage
 * costs few openings (G9). Knows nothing of sessions.
 */
import { createSemaphore } from '../../time/semaphore.js';
import type { ClientContext } from '../context.js';
import type { CircuitBreaker } from './circuit-breaker.js';
import { openVerdict } from './verdict.js';

export interface ReopenProbe {
  /**
   * Waits until no other probe runs, then calls `open` and resolves its result. Resolves `undefined` without a call if another
   * probe has just failed, a Retry-After applies, or `signal` has aborted. Rejects with the failure of `open`.
   */
  run<T>(signal: AbortSignal, open: () => Promise<T>): Promise<T | undefined>;
  /** A poll or a probe of any upstream succeeded, so the server is well. */
  succeeded(): void;
  /** Number of successes so far, of polls and probes of all upstreams. */
  readonly successes: number;
}

export function createReopenProbe(
  { clock, retryOptions, requestTimeout }: Pick<ClientContext, 'clock' | 'retryOptions' | 'requestTimeout'>,
  breaker: Pick<CircuitBreaker, 'heldOffFor'>,
): ReopenProbe {
  const turns = createSemaphore(clock, 1, requestTimeout);
  let successes = 0;
  /** Consecutive probes that failed. */
  let failures = 0;
  let notBefore = 0;

  function succeeded(): void {
    successes++;
    failures = 0;
    notBefore = 0;
  }

  function failed(): void {
    const { minTimeout, maxTimeout, factor } = retryOptions;
    // No jitter, which could make several consecutive waits short. Probes come at random times anyway, because polls do.
    notBefore = clock.monotonic() + Math.min(maxTimeout, minTimeout * factor ** failures);
    failures++;
  }

  return {
    run: (signal, open) =>
      turns.run(async () => {
        if (signal.aborted || clock.monotonic() < notBefore || breaker.heldOffFor() > 0) {
          return undefined;
        }
        try {
          const opened = await open();
          succeeded();
          return opened;
        } catch (error) {
          // A server that refuses is up and running.
          if (['refusal', 'too-large'].includes(openVerdict(error))) {
            succeeded();
          } else {
            failed();
          }
          throw error;
        }
      }),
    succeeded,
    get successes() {
      return successes;
    },
  };
}

/** Never probes, and counts no success. */
export const noProbe: ReopenProbe = { run: () => Promise.resolve(undefined), succeeded: () => undefined, successes: 0 };
