/**
 * One answered DELETE for everything that was opened (G3), or may have been: tried again a few times, then told as
 * orphaned. Owns what is still to be deleted, so that `close()` can wait for it. Knows nothing of why.
 */
import { StatisticsApiError, StatisticsError } from '../model/errors.js';
import { backoff, type BackoffOptions } from '../time/backoff.js';
import type { Clock } from '../time/clock.js';
import type { Presence } from '../time/presence.js';
import { retry } from '../time/retry.js';
import { sleep, type Sleep } from '../time/sleep.js';
import type { StatisticsApi } from '../wire/api.js';
import type { Credentials } from '../wire/credentials.js';
import type { Monitor } from './monitor.js';

const maxRetries = 3;

export interface Remover {
  /** Deletes a subscription in the background, `delay` milliseconds from now. */
  remove(subscriptionId: string, delay?: number): void;
  /** Runs something that will end in {@link remove}; `idle` waits for it. */
  track(work: Promise<void>): void;
  /** Whatever still waits its time goes now, and so does whatever comes. */
  hurry(): void;
  /** Gives up what is left: no attempt is made again. */
  giveUp(): void;
  /** Resolves when nothing is left to delete. */
  idle(): Promise<void>;
}

export interface RemoverDeps {
  readonly api: StatisticsApi;
  readonly credentials: Credentials;
  readonly clock: Clock;
  readonly monitor: Monitor;
  readonly presence: Presence;
  readonly retryOptions: BackoffOptions;
}

export function createRemover({ api, credentials, clock, monitor, presence, retryOptions }: RemoverDeps): Remover {
  const pending = new Set<Promise<void>>();
  /** Deletions that wait their time, and attempts that wait for their next. */
  const delayed = new Set<Sleep>();
  const backingOff = new Set<Sleep>();
  let hurried = false;
  let over = false;

  async function wait(delay: number, among: Set<Sleep>): Promise<void> {
    const pause = sleep(clock, delay);
    // A page that is left has no later.
    const forget = presence.onLeave(pause.wake);
    among.add(pause);
    await pause.done;
    among.delete(pause);
    forget();
  }

  async function again(error: Error, failures: number): Promise<boolean> {
    if (isAnswer(error) || failures > maxRetries || over) {
      return false;
    }
    if (error instanceof StatisticsApiError && error.httpStatus === 401 && (await credentials.renew(error))) {
      return true;
    }
    const hint = error instanceof StatisticsApiError ? error.retryAfter : undefined;
    const delay = backoff(retryOptions, failures, clock.random(), hint);
    monitor.emit({ type: 'retrying', operation: 'delete', attempt: failures, delay, error: asOurs(error) });
    await wait(delay, backingOff);
    return !over;
  }

  async function removeNow(subscriptionId: string): Promise<void> {
    try {
      await retry(() => api.closeSubscription(subscriptionId), again);
    } catch (error) {
      if (!isAnswer(error)) {
        monitor.emit({ type: 'orphaned', subscriptionId, error: asOurs(error) });
        return;
      }
    }
    monitor.emit({ type: 'deleted', subscriptionId });
  }

  function track(work: Promise<void>): void {
    pending.add(work);
    void work.finally(() => pending.delete(work));
  }

  return {
    track,
    remove(subscriptionId, delay = 0) {
      track(delay > 0 && !hurried ? wait(delay, delayed).then(() => removeNow(subscriptionId)) : removeNow(subscriptionId));
    },
    hurry() {
      hurried = true;
      delayed.forEach((pause) => pause.wake());
    },
    giveUp() {
      over = true;
      backingOff.forEach((pause) => pause.wake());
    },
    async idle() {
      while (pending.size > 0) {
        await Promise.all(pending);
      }
    },
  };
}

/** A client error is an answer: the server has heard, and will not do it for being asked again. */
function isAnswer(error: unknown): boolean {
  return (
    error instanceof StatisticsApiError &&
    (error.httpStatus < 300 || (error.httpStatus >= 400 && error.httpStatus < 500 && ![401, 408, 425, 429].includes(error.httpStatus)))
  );
}

function asOurs(error: unknown): StatisticsError {
  return error instanceof StatisticsError ? error : new StatisticsError('unexpected failure', { cause: error });
}
