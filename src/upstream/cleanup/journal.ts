/**
 * What is open on the server, noted where it outlives the process: one that is killed deletes nothing, its next start can
 * (F82). Owns what is noted when, and that a journal that fails harms nothing else. Knows nothing of files, nor of deleting.
 */
import { StatisticsError } from '../../model/errors.js';
import { isId, type WireApi } from '../../wire/api.js';
import type { Monitor } from '../telemetry/monitor.js';
import { isAnswer, type Deleter } from './deleter.js';
import { mayHaveOpened } from '../recovery/verdict.js';

/**
 * Where a client notes what it has open on the server. An entry is a line of text, at most 513 characters long, that means
 * something to the client alone; it holds an id and no secret. `baseUrl` is the client's, without a trailing slash: what is
 * noted for one server is never to be given for another.
 *
 * What a journal throws, or rejects with, is told once in `events$` (`journalFailed`) and ends nothing: the streams go on, and
 * what could not be noted is left to the server's own expiry if the process is killed.
 */
export interface Journal {
  /**
   * The entries that were noted and never erased by processes that have ended; asked once, by the first `subscribe`. They
   * stay noted until they are erased. No more than the first 10,000 are looked at.
   */
  left(baseUrl: string): Iterable<string> | Promise<Iterable<string>>;
  /**
   * Called before anything is sent that may open something, and not waited for: what is to survive a kill is written when
   * this returns.
   */
  note(entry: string, baseUrl: string): unknown;
  /** It is deleted, or was never opened. The same for an entry of {@link left}. */
  erase(entry: string, baseUrl: string): unknown;
}

export interface Journaled {
  /** The same endpoints; what upstreams open and delete by them is noted. */
  readonly api: WireApi;
  /** Deletes, once, what was left by processes that have ended. */
  reap(deleter: Deleter, isClosed: () => boolean): void;
}

/** A journal may be full of rubbish. */
const mostLeft = 10_000;
/** Before an id that is on its way and not answered yet. No id holds it. */
const inDoubt = '?';

/** @param patience - milliseconds in which a server is done with what the process before had sent it, or so is the hope. */
export function createJournaled(journal: Journal, baseUrl: string, api: WireApi, monitor: Monitor, patience: number): Journaled {
  /** By their ids. */
  const entries = new Map<string, string>();
  let told = false;
  let reaped = false;

  /** The journal is somebody else's code: without this it could end an upstream by what it throws, or the process. */
  async function attempt(call: () => unknown): Promise<void> {
    try {
      await call();
    } catch (cause) {
      if (!told) {
        told = true;
        monitor.emit({ type: 'journalFailed', error: new StatisticsError('the journal failed', { cause }) });
      }
    }
  }

  /** The new entry before the old one is erased: a kill in between leaves one too many, not one too few. */
  function note(id: string, entry = id): void {
    const before = entries.get(id);
    entries.set(id, entry);
    void attempt(() => journal.note(entry, baseUrl));
    if (before !== undefined) {
      void attempt(() => journal.erase(before, baseUrl));
    }
  }

  function erase(id: string): void {
    const entry = entries.get(id);
    if (entry !== undefined) {
      entries.delete(id);
      void attempt(() => journal.erase(entry, baseUrl));
    }
  }

  return {
    api: {
      ...api,
      async openEntries(operationId, statistics, unsent) {
        note(operationId, inDoubt + operationId);
        try {
          const opened = await api.openEntries(operationId, statistics, unsent);
          note(opened.subscriptionId);
          if (opened.subscriptionId !== operationId) {
            erase(operationId);
          }
          return opened;
        } catch (error) {
          if (!mayHaveOpened(error)) {
            erase(operationId);
          }
          throw error;
        }
      },
      closeSubscription: (id, options) =>
        api.closeSubscription(id, options).then(
          () => erase(id),
          (error: unknown) => {
            if (isAnswer(error)) {
              erase(id);
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
        for (const entry of [...(await journal.left(baseUrl))].slice(0, mostLeft)) {
          const isInDoubt = entry.startsWith(inDoubt);
          const id = isInDoubt ? entry.slice(inDoubt.length) : entry;
          if (!isId(id)) {
            void attempt(() => journal.erase(entry, baseUrl));
          } else if (!entries.has(id) && !isClosed()) {
            entries.set(id, entry);
            // The server may still be at what it was sent: a DELETE sent now could overtake the opening.
            deleter.remove(id, isInDoubt ? patience : 0);
          }
        }
      });
    },
  };
}
