/**
 * One answered DELETE for everything that was opened, or may have been (G3): retried a few times, then reported as
 * orphaned. Owns the list of what is still to be deleted, so that `close()` can wait for it, and the number of DELETEs at
 * once. Knows nothing of why something is deleted.
 */
import { asOurs, StatisticsError } from '../../model/errors.js';
import type { Cancel } from '../../time/clock.js';
import { createSemaphore } from '../../time/semaphore.js';
import { retry } from '../../time/retry.js';
import { sleep, type Sleep } from '../../time/sleep.js';
import { withRenewedToken } from '../../wire/credentials.js';
import type { StatisticsApi } from '../../wire/api.js';
import type { ClientContext } from '../context.js';
import { retryDelay } from '../recovery/retry-delay.js';
import { deleteVerdict } from '../recovery/verdict.js';

const maxRetries = 3;

/**
 * A client or page that is closed gives up all of its subscriptions in one moment: without a limit the server would get as
 * many requests at once. A slot is free again after this share of the timeout, so that 640 DELETEs are sent within one
 * timeout even if none is answered.
 */
const mostAtOnce = 16;
const turnsInTimeout = 40;

export interface Deleter {
  /**
   * Deletes a subscription in the background after so many milliseconds. `'at once'` skips the queue: there will be no
   * later.
   */
  delete(subscriptionId: string, when?: number | 'at once'): void;
  /** Runs work that will end in a {@link delete}; `drained` waits for it. `undeleted`: the ids it has open, as far as they are known. */
  track(work: Promise<void>, undeleted?: () => readonly string[]): void;
  /** Sends every DELETE that waits for its time now, and every later one at once. */
  flush(): void;
  /** Gives up what is left and reports it as orphaned: no attempt is made again. */
  abandon(): void;
  /** Resolves when nothing is left to delete. */
  drained(): Promise<void>;
}

/** What is known of one DELETE. One id may have two: the first may have overtaken its POST. */
interface Deletion {
  readonly subscriptionId: string;
}

export function createDeleter(
  context: Pick<ClientContext, 'clock' | 'credentials' | 'monitor' | 'page' | 'requestTimeout' | 'retryOptions'> & { readonly api: Pick<StatisticsApi, 'closeSubscription'> },
): Deleter {
  const { api, credentials, clock, monitor, page, requestTimeout } = context;
  const pending = new Map<Promise<void>, () => readonly string[]>();
  const semaphore = createSemaphore(clock, mostAtOnce, requestTimeout / turnsInTimeout);
  /** Their outcome has not been reported yet. */
  const unreported = new Set<Deletion>();
  /** Deletions that wait for their time, and attempts that wait for the next. */
  const delayed = new Set<Sleep>();
  const backingOff = new Set<Sleep>();
  let isFlushed = false;
  let isAbandoned = false;
  /** The page has been left. Watched while there is anything to delete. */
  let isPageLeft = false;
  let stopWatching: Cancel | undefined;

  async function wait(delay: number, among: Set<Sleep>): Promise<void> {
    const pause = sleep(clock, delay);
    among.add(pause);
    await pause.done;
    among.delete(pause);
  }

  async function shouldRetry(subscriptionId: string, error: Error, failures: number): Promise<boolean> {
    if (deleteVerdict(error) === 'gone' || failures > maxRetries || isAbandoned) {
      return false;
    }
    const delay = retryDelay(context, error, failures);
    monitor.emit({ type: 'retrying', operation: 'delete', subscriptionId, attempt: failures, delay, error: asOurs(error) });
    await wait(delay, backingOff);
    return !isAbandoned;
  }

  /** A page that is left has no later, so everything that waits goes now, and everything that follows goes at once. */
  function leavePage(): void {
    isPageLeft = true;
    semaphore.releaseAll();
    [...delayed, ...backingOff].forEach((pause) => pause.wake());
  }

  async function deleteNow(subscriptionId: string, isLast = false): Promise<void> {
    const deletion: Deletion = { subscriptionId };
    unreported.add(deletion);
    const send = (): Promise<void> => withRenewedToken(credentials, () => api.closeSubscription(subscriptionId));
    try {
      await retry(() => (isLast || isPageLeft ? send() : semaphore.run(send)), (error, failures) => shouldRetry(subscriptionId, error, failures));
    } catch (error) {
      if (deleteVerdict(error) !== 'gone') {
        orphan(deletion, asOurs(error));
        return;
      }
    }
    if (unreported.delete(deletion)) {
      monitor.emit({ type: 'deleted', subscriptionId });
    }
  }

  function orphan(deletion: Deletion, error: StatisticsError): void {
    if (unreported.delete(deletion)) {
      monitor.emit({ type: 'orphaned', subscriptionId: deletion.subscriptionId, error });
    }
  }

  function track(work: Promise<void>, undeleted: () => readonly string[] = () => []): void {
    stopWatching ??= page.onPageHide(leavePage, () => (isPageLeft = false));
    pending.set(work, undeleted);
    void work.finally(() => {
      pending.delete(work);
      if (pending.size === 0) {
        stopWatching?.();
        stopWatching = undefined;
        isPageLeft = false;
      }
    });
  }

  return {
    track,
    delete(subscriptionId, when = 0) {
      const isLater = when !== 'at once' && when > 0 && !isFlushed;
      track(isLater ? wait(when, delayed).then(() => deleteNow(subscriptionId)) : deleteNow(subscriptionId, when === 'at once'));
    },
    flush() {
      isFlushed = true;
      delayed.forEach((pause) => pause.wake());
    },
    abandon() {
      isAbandoned = true;
      const reason = new StatisticsError('close() ended before the DELETE was answered');
      unreported.forEach((deletion) => orphan(deletion, reason));
      // A POST that is not answered yet: nobody will hear of its subscription later.
      pending.forEach((undeleted) => undeleted().forEach((subscriptionId) => monitor.emit({ type: 'orphaned', subscriptionId, error: reason })));
      semaphore.rejectWaiting(reason);
      backingOff.forEach((pause) => pause.wake());
    },
    async drained() {
      while (pending.size > 0) {
        await Promise.all(pending.keys());
      }
    },
  };
}
