/**
 * One answered DELETE for everything that was opened (G3), or may have been: tried again a few times, then told as
 * orphaned. Owns what is still to be deleted, so that `close()` can wait for it, and how many go at once. Knows nothing of why.
 */
import { asOurs, StatisticsApiError, StatisticsError } from '../../model/errors.js';
import { backoff, type BackoffOptions } from '../../time/backoff.js';
import type { Cancel, Clock } from '../../time/clock.js';
import { createSemaphore } from '../../time/semaphore.js';
import type { PageLifecycle } from '../../time/page-lifecycle.js';
import { retry } from '../../time/retry.js';
import { sleep, type Sleep } from '../../time/sleep.js';
import type { StatisticsApi } from '../../wire/api.js';
import type { Credentials } from '../../wire/credentials.js';
import type { Monitor } from '../telemetry/monitor.js';

const maxRetries = 3;

/**
 * A page that is closed, or a client, gives up all of its subscriptions in one moment: without a limit the server would
 * be met by as many requests at once. Each place is free for the next after this share of the timeout, so that within
 * one timeout 640 are sent though none be answered.
 */
const mostAtOnce = 16;
const turnsInTimeout = 40;

export interface Deleter {
  /**
   * Deletes a subscription in the background, so many milliseconds from now when its turn has come; `'at once'`: ahead of all
   * others, since there is no later.
   */
  remove(subscriptionId: string, when?: number | 'at once'): void;
  /** Runs something that will end in {@link remove}; `idle` waits for it. `owed`: what that will be of, if it is known by now. */
  track(work: Promise<void>, owed?: () => string | undefined): void;
  /** Whatever still waits its time goes now, and so does whatever comes. */
  hurry(): void;
  /** Gives up what is left and tells it as orphaned: no attempt is made again. */
  giveUp(): void;
  /** Resolves when nothing is left to delete. */
  idle(): Promise<void>;
}

export interface DeleterDeps {
  readonly api: StatisticsApi;
  readonly credentials: Credentials;
  readonly clock: Clock;
  readonly monitor: Monitor;
  readonly presence: PageLifecycle;
  readonly retryOptions: BackoffOptions;
  readonly requestTimeout: number;
}

export function createDeleter({ api, credentials, clock, monitor, presence, retryOptions, requestTimeout }: DeleterDeps): Deleter {
  const pending = new Map<Promise<void>, () => string | undefined>();
  const semaphore = createSemaphore(clock, mostAtOnce, requestTimeout / turnsInTimeout);
  /** Of which it has not been told yet what became of them. One id may be there twice: its first DELETE overtook the POST. */
  const untold = new Set<{ readonly subscriptionId: string }>();
  /** Deletions that wait their time, and attempts that wait for their next. */
  const delayed = new Set<Sleep>();
  const backingOff = new Set<Sleep>();
  let hurried = false;
  let over = false;
  /** The page is left. Listened for while there is anything to delete, or may be. */
  let away = false;
  let forget: Cancel | undefined;

  async function wait(delay: number, among: Set<Sleep>): Promise<void> {
    const pause = sleep(clock, delay);
    among.add(pause);
    await pause.done;
    among.delete(pause);
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

  /** A page that is left has no later: whatever waits goes now, and so does what was woken by that and what comes after it. */
  function leave(): void {
    away = true;
    semaphore.letIn();
    [...delayed, ...backingOff].forEach((pause) => pause.wake());
  }

  async function removeNow(subscriptionId: string, isLast = false): Promise<void> {
    const removal = { subscriptionId };
    untold.add(removal);
    const send = (): Promise<void> => api.closeSubscription(subscriptionId);
    try {
      await retry(() => (isLast || away ? send() : semaphore.pass(send)), again);
    } catch (error) {
      if (!isAnswer(error)) {
        orphan(removal, asOurs(error));
        return;
      }
    }
    if (untold.delete(removal)) {
      monitor.emit({ type: 'deleted', subscriptionId });
    }
  }

  function orphan(removal: { readonly subscriptionId: string }, error: StatisticsError): void {
    if (untold.delete(removal)) {
      monitor.emit({ type: 'orphaned', subscriptionId: removal.subscriptionId, error });
    }
  }

  function track(work: Promise<void>, owed: () => string | undefined = () => undefined): void {
    forget ??= presence.onPageHide(leave, () => (away = false));
    pending.set(work, owed);
    void work.finally(() => {
      pending.delete(work);
      if (pending.size === 0) {
        forget?.();
        forget = undefined;
        away = false;
      }
    });
  }

  return {
    track,
    remove(subscriptionId, when = 0) {
      const isLater = when !== 'at once' && when > 0 && !hurried;
      track(isLater ? wait(when, delayed).then(() => removeNow(subscriptionId)) : removeNow(subscriptionId, when === 'at once'));
    },
    hurry() {
      hurried = true;
      delayed.forEach((pause) => pause.wake());
    },
    giveUp() {
      over = true;
      const reason = new StatisticsError('close() ended before the DELETE was answered');
      untold.forEach((removal) => orphan(removal, reason));
      // Of a POST that is not answered yet nobody will be told later.
      pending.forEach((owed) => {
        const subscriptionId = owed();
        if (subscriptionId !== undefined) {
          monitor.emit({ type: 'orphaned', subscriptionId, error: reason });
        }
      });
      semaphore.shut(reason);
      backingOff.forEach((pause) => pause.wake());
    },
    async idle() {
      while (pending.size > 0) {
        await Promise.all(pending.keys());
      }
    },
  };
}

/**
 * A client error is an answer: the server has heard, and will not do it for being asked again. 405 and 407 are a proxy's,
 * which lets no DELETE, or nothing of ours, through: the server has heard nothing, and it must not be told as deleted.
 */
export function isAnswer(error: unknown): boolean {
  return (
    error instanceof StatisticsApiError &&
    (error.httpStatus < 300 || (error.httpStatus >= 400 && error.httpStatus < 500 && ![401, 405, 407, 408, 425, 429].includes(error.httpStatus)))
  );
}
