/**
 * Finds out whether a 5xx means that the server is down or that it has forgotten a subscription: one upstream opens anew,
 * and all learn from the outcome. Owns that only one does so at a time, and ever more rarely while it fails, so that an
 * outage costs few openings (G9). Knows nothing of sessions.
 */
import { createSemaphore } from '../../time/semaphore.js';
import type { ClientContext } from '../context.js';
import type { CircuitBreaker } from './circuit-breaker.js';
import { openVerdict } from './verdict.js';

export interface ReopenProbe {
  /**
   * Waits for its turn, then calls `open`, unless another probe has just failed, the server asked to be left alone, or
   * `signal` aborted: then it resolves `undefined`. Rejects with the failure of `open`.
   */
  run<T>(signal: AbortSignal, open: () => Promise<T>): Promise<T | undefined>;
  /** A poll or a probe of any upstream succeeded, so the server is well. */
  succeeded(): void;
  /** How often that was so. */
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
    // Without jitter, or several short waits could follow each other: a probe is asked for at the random times of polls.
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
          // A refusal comes from a server that is well.
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

/** Probes nothing, and knows nothing of the server. */
export const noProbe: ReopenProbe = { run: () => Promise.resolve(undefined), succeeded: () => undefined, successes: 0 };
