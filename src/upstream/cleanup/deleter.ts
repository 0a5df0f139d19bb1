/**
 * Sends one DELETE that is answered for every subscription that is or may be open (G3). A DELETE is retried a few times, then
 * reported as orphaned. Owns the list of pending deletions, so that `close()` can wait for them, and which DELETEs skip the
 * request queue. Does not know why something is deleted.
 */
import { asOurs, reasonToEnd, StatisticsError, StatisticsNetworkError } from '../../model/errors.js';
import type { Cancel } from '../../time/clock.js';
import { retry } from '../../time/retry.js';
import { sleep, type Sleep } from '../../time/sleep.js';
import { withRenewedToken } from '../../wire/credentials.js';
import type { WireApi } from '../../wire/api.js';
import type { ClientContext } from '../context.js';
import { retryDelay } from '../recovery/retry-delay.js';
import { deleteVerdict } from '../recovery/verdict.js';

const maxRetries = 3;

export interface Deleter {
  /**
   * Deletes a subscription in the background, `when` milliseconds from now. `'at once'`: the page is being left, so a later
   * request may never be sent.
   */
  delete(subscriptionId: string, when?: number | 'at once'): void;
  /** Makes `drained` wait for work that may still call {@link delete}. `undeleted`: returns the ids that the work has open, if known. */
  track(work: Promise<void>, undeleted?: () => readonly string[]): void;
  /** Sends every delayed DELETE now, and every later one without delay. None waits longer than half a timeout in the request queue. */
  flush(): void;
  /** Reports every pending deletion as orphaned, and retries none of them. */
  abandon(): void;
  /** Resolves when nothing is left to delete. */
  drained(): Promise<void>;
}

/** One deletion, compared by identity: an id can be deleted twice, because the first DELETE may have overtaken its POST. */
interface Deletion {
  readonly subscriptionId: string;
}

export function createDeleter(
  context: Pick<ClientContext, 'clock' | 'credentials' | 'monitor' | 'page' | 'poll' | 'requests' | 'requestTimeout' | 'retryOptions'> & { readonly api: Pick<WireApi, 'closeSubscription'> },
): Deleter {
  const { api, credentials, clock, monitor, page, poll, requests, requestTimeout } = context;
  const pending = new Map<Promise<void>, () => readonly string[]>();
  /** Deletions whose outcome has not been reported yet. */
  const unreported = new Set<Deletion>();
  /** `delayed`: first attempts that wait for their time. `backingOff`: failed ones that wait for the next attempt. */
  const delayed = new Set<Sleep>();
  const backingOff = new Set<Sleep>();
  let isFlushed = false;
  /** The server does not answer DELETEs, so they skip the request queue and do not wait for each other. */
  let isHurried = false;
  const abandoned = new AbortController();
  /** Aborts when the page is left. The page is watched while a deletion is pending. */
  let pageLeft = new AbortController();
  let stopWatching: Cancel | undefined;

  async function wait(delay: number, among: Set<Sleep>): Promise<void> {
    const pause = sleep(clock, delay);
    among.add(pause);
    await pause.done;
    among.delete(pause);
  }

  async function shouldRetry(subscriptionId: string, error: Error, failures: number): Promise<boolean> {
    if (deleteVerdict(error) === 'gone' || failures > maxRetries || abandoned.signal.aborted) {
      return false;
    }
    const delay = retryDelay(context, error, failures, poll.interval);
    monitor.emit({ type: 'retrying', operation: 'delete', subscriptionId, attempt: failures, delay, error: asOurs(error) });
    await wait(delay, backingOff);
    return !abandoned.signal.aborted;
  }

  /** The page is left, and nothing may run later. So this sends every waiting DELETE now, and lets every later one go without delay. */
  function leavePage(): void {
    pageLeft.abort(reasonToEnd('the page was left'));
    [...delayed, ...backingOff].forEach((pause) => pause.wake());
  }

  function returnToPage(): void {
    if (pageLeft.signal.aborted) {
      pageLeft = new AbortController();
    }
  }

  /** Limits the wait of DELETEs in the request queue. A server that answers none must not keep the process, or `close()`, waiting for long. */
  function sendDeletesWithin(milliseconds: number | undefined): void {
    isHurried = milliseconds !== undefined;
    requests.sendWithin('delete', milliseconds);
  }

  async function send(subscriptionId: string): Promise<void> {
    try {
      await api.closeSubscription(subscriptionId, { urgent: pageLeft.signal, unsent: abandoned.signal });
    } catch (error) {
      if (!isHurried && error instanceof StatisticsNetworkError && error.kind === 'timeout') {
        sendDeletesWithin(requestTimeout);
      }
      throw error;
    }
    if (isHurried && !isFlushed) {
      sendDeletesWithin(undefined);
    }
  }

  async function deleteNow(subscriptionId: string): Promise<void> {
    const deletion: Deletion = { subscriptionId };
    unreported.add(deletion);
    try {
      await retry(
        () => withRenewedToken(credentials, () => send(subscriptionId)),
        (error, failures) => shouldRetry(subscriptionId, error, failures),
      );
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
    stopWatching ??= page.onPageHide(leavePage, returnToPage);
    pending.set(work, undeleted);
    void work.finally(() => {
      pending.delete(work);
      if (pending.size === 0) {
        stopWatching?.();
        stopWatching = undefined;
        returnToPage();
      }
    });
  }

  return {
    track,
    delete(subscriptionId, when = 0) {
      if (when === 'at once') {
        leavePage();
      }
      const isLater = when !== 'at once' && when > 0 && !isFlushed;
      track(isLater ? wait(when, delayed).then(() => deleteNow(subscriptionId)) : deleteNow(subscriptionId));
    },
    flush() {
      isFlushed = true;
      sendDeletesWithin(requestTimeout / 2);
      delayed.forEach((pause) => pause.wake());
    },
    abandon() {
      const reason = reasonToEnd('close() ended before the DELETE was answered');
      unreported.forEach((deletion) => orphan(deletion, reason));
      // Work that still waits for the answer to its POST will report nothing any more, so its ids are reported as orphaned now.
      pending.forEach((undeleted) => undeleted().forEach((subscriptionId) => monitor.emit({ type: 'orphaned', subscriptionId, error: reason })));
      abandoned.abort(reason);
      backingOff.forEach((pause) => pause.wake());
    },
    async drained() {
      while (pending.size > 0) {
        await Promise.all(pending.keys());
      }
    },
  };
}
