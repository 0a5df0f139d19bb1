/**
 * Decides what a journal records, and when. If the process is killed, the next start deletes whatever the journal still holds
 * (F82). Owns the decorator of the endpoints, and contains the errors of a failing store. Knows nothing of files or of deleting.
 */
import { expected, StatisticsError } from '../../model/errors.js';
import type { Clock } from '../../time/clock.js';
import { sleep } from '../../time/sleep.js';
import { isId } from '../../wire/api.js';
import { deleteVerdict, mayHaveOpened } from '../recovery/verdict.js';
import type { Deleter } from './deleter.js';
import { createJournalOption, type Journal, type JournalDecorator, type Journaled, type JournalStore } from './journal-option.js';

/** The most entries that are read, because a store may return an endless list. */
const mostPending = 10_000;
/** Milliseconds for which an opening waits until its entry is written. A store that hangs must not keep streams from opening. */
const longestWrite = 1_000;
/** Prefix of an id whose opening has not been answered. No id contains this character. */
const inDoubt = '?';

/**
 * A journal over a store of your own, for the option `journal`.
 *
 * @throws StatisticsOptionError at once, if `store` lacks one of its functions.
 *
 * @example
 * const client = createStatisticsClient({ baseUrl, apiKey, journal: createJournal({ pending, add, remove }) });
 */
export function createJournal(store: JournalStore): Journal {
  const given = store as Partial<JournalStore> | undefined | null;
  if ([given?.pending, given?.add, given?.remove].some((method) => typeof method !== 'function')) {
    throw expected('store', store, 'an object with the functions pending, add and remove');
  }
  return createJournalOption(store, (...client) => createJournaled(store, ...client));
}

function createJournaled(store: JournalStore, ...[baseUrl, api, monitor, settleTime, clock]: Parameters<JournalDecorator>): Journaled {
  /** From an id to the entries of it that the store may hold. */
  const entries = new Map<string, readonly string[]>();
  let hasFailed = false;
  let reaped = false;

  function failed(cause: unknown): void {
    if (!hasFailed) {
      hasFailed = true;
      monitor.emit({ type: 'journalFailed', error: new StatisticsError('the journal failed', { cause }) });
    }
  }

  /**
   * Contains errors of the store, which may be the program's own. Otherwise they could end an upstream or the process.
   *
   * @returns whether the call succeeded.
   */
  async function attempt(call: () => unknown): Promise<boolean> {
    try {
      await call();
      return true;
    } catch (cause) {
      failed(cause);
      return false;
    }
  }

  function removeEach(obsolete: readonly string[]): void {
    obsolete.forEach((entry) => void attempt(() => store.remove(entry, baseUrl)));
  }

  /**
   * Removes the old entry only after the new one is written, so that a kill at any moment, or a store that fails, leaves one
   * entry too many, not one too few.
   *
   * @returns a promise while the store is still writing.
   */
  function add(id: string, entry = id): Promise<void> | undefined {
    const before = entries.get(id) ?? [];
    const held = [...before, entry];
    entries.set(id, held);
    let written: unknown;
    const settled = attempt(() => (written = store.add(entry, baseUrl))).then((isWritten) => {
      if (isWritten && entries.get(id) === held) {
        entries.set(id, [entry]);
        removeEach(before);
      }
    });
    return isThenable(written) ? settled : undefined;
  }

  function remove(id: string): void {
    const held = entries.get(id) ?? [];
    entries.delete(id);
    removeEach(held);
  }

  function reapEntry(entry: string, deleter: Deleter, isClosed: () => boolean): void {
    const isInDoubt = entry.startsWith(inDoubt);
    const id = isInDoubt ? entry.slice(inDoubt.length) : entry;
    const known = entries.get(id);
    if (!isId(id)) {
      removeEach([entry]);
    } else if (known !== undefined) {
      // Deleted already, or our own: one DELETE is enough, and removes both entries.
      entries.set(id, [...new Set([...known, entry])]);
    } else if (!isClosed()) {
      entries.set(id, [entry]);
      // The server may still be processing the opening of an id in doubt, and a DELETE sent now could overtake it.
      deleter.delete(id, isInDoubt ? settleTime : 0);
    }
  }

  return {
    api: {
      ...api,
      async openEntries(operationId, statistics, unsent) {
        const writing = add(operationId, inDoubt + operationId);
        if (writing !== undefined && !(await settlesWithin(writing, clock, longestWrite))) {
          failed(new StatisticsError(`an entry has not been written for ${longestWrite} ms`));
        }
        try {
          const opened = await api.openEntries(operationId, statistics, unsent);
          void add(opened.subscriptionId);
          if (opened.subscriptionId !== operationId) {
            remove(operationId);
          }
          return opened;
        } catch (error) {
          if (!mayHaveOpened(error)) {
            remove(operationId);
          }
          throw error;
        }
      },
      closeSubscription: (id, options) =>
        api.closeSubscription(id, options).then(
          () => remove(id),
          (error: unknown) => {
            if (deleteVerdict(error) === 'gone') {
              remove(id);
            }
            throw error;
          },
        ),
    },
    reap(deleter, isClosed) {
      if (reaped) {
        return;
      }
      reaped = true;
      void attempt(async () => {
        let read = 0;
        for (const entry of (await store.pending(baseUrl)) as Iterable<unknown>) {
          if (typeof entry !== 'string') {
            failed(new TypeError('an entry of the journal is no text'));
          } else {
            reapEntry(entry, deleter, isClosed);
          }
          if (++read >= mostPending) {
            break;
          }
        }
      });
    },
  };
}

function isThenable(given: unknown): boolean {
  return typeof (given as Partial<PromiseLike<unknown>> | null | undefined)?.then === 'function';
}

/** @param promise - never rejects. */
async function settlesWithin(promise: Promise<void>, clock: Clock, limit: number): Promise<boolean> {
  const { done, wake } = sleep(clock, limit);
  const isInTime = await Promise.race([promise.then(() => true), done.then(() => false)]);
  wake();
  return isInTime;
}
