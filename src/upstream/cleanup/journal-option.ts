/**
 * The value of the client's option `journal`. The value carries the code that uses a journal, so only programs that pass a
 * journal load this code. Owns the interfaces and the access to that code; must not import the code itself.
 */
import type { Clock } from '../../time/clock.js';
import type { WireApi } from '../../wire/api.js';
import type { Monitor } from '../telemetry/monitor.js';
import type { Deleter } from './deleter.js';

/**
 * Stores the entries of a journal. An entry is a line of at most 513 characters that holds an id and no secret; only the client
 * interprets it. `baseUrl` is the client's, without a trailing slash. Keep the entries of different base URLs apart.
 *
 * If a store throws or rejects, the streams go on, and `events$` reports it once (`journalFailed`). If the process is then
 * killed, subscriptions that could not be recorded stay open until the server's own expiry.
 */
export interface JournalStore {
  /**
   * Returns the entries that ended processes added and did not remove. Called once, by the first `subscribe`. The client reads
   * at most 10,000 of them. Entries stay in the store until `remove` is called.
   */
  pending(baseUrl: string): Iterable<string> | Promise<Iterable<string>>;
  /**
   * Called before a request that may open a subscription is sent. The request waits for a promise that this returns, at most a
   * second, so that a process killed at any moment leaves nothing unrecorded. Called again once the request is answered: the
   * entry in doubt is removed after this one is added, and stays if that fails.
   */
  add(entry: string, baseUrl: string): unknown;
  /**
   * Called once another entry records the same subscription, once that is deleted, or once it was certainly never opened. The
   * store may lack the entry, if `add` failed.
   */
  remove(entry: string, baseUrl: string): unknown;
}

const decorator = Symbol('journal');

/** A journal of what a client has open on the server: `fileJournal(directory)`, or `createJournal(store)`. */
export interface Journal extends JournalStore {
  readonly [decorator]: unknown;
}

export interface Journaled {
  /** The same endpoints, which also record everything that upstreams open and delete. */
  readonly api: WireApi;
  /** Deletes the subscriptions that ended processes left in the journal. Only the first call does anything. */
  reap(deleter: Deleter, isClosed: () => boolean): void;
}

/** @param settleTime - milliseconds after which the server should be done with the requests of an ended process. */
export type JournalDecorator = (baseUrl: string, api: WireApi, monitor: Pick<Monitor, 'emit'>, settleTime: number, clock: Clock) => Journaled;

export function createJournalOption(store: JournalStore, decorate: JournalDecorator): Journal {
  return Object.freeze({
    pending: (baseUrl: string) => store.pending(baseUrl),
    add: (entry: string, baseUrl: string) => store.add(entry, baseUrl),
    remove: (entry: string, baseUrl: string) => store.remove(entry, baseUrl),
    [decorator]: decorate,
  });
}

/** Returns the code of a journal; `undefined` if `given` was not made by {@link createJournalOption}. */
export function journalOf(given: unknown): JournalDecorator | undefined {
  return (given as Partial<Record<symbol, JournalDecorator>> | null | undefined)?.[decorator];
}
