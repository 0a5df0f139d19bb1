/**
 * The value of the client's option `journal`. It carries the code that uses a journal, so that only a program that hands
 * one in loads that code. Owns the interfaces and how the client gets at that code; must not import it.
 */
import type { WireApi } from '../../wire/api.js';
import type { Monitor } from '../telemetry/monitor.js';
import type { Deleter } from './deleter.js';

/**
 * Where a journal keeps its entries. An entry is a line of text of at most 513 characters that only the client gives a
 * meaning; it holds an id and no secret. `baseUrl` is the client's, without a trailing slash: never return an entry of one
 * server for another.
 *
 * An error that a store throws, or rejects with, ends nothing: it is reported once in `events$` (`journalFailed`) and the
 * streams go on. If the process is then killed, the server's own expiry has to end what could not be recorded.
 */
export interface JournalStore {
  /**
   * The entries that ended processes added and never removed. Called once, by the first `subscribe`; at most 10,000
   * entries are read. They stay in the store until they are removed.
   */
  pending(baseUrl: string): Iterable<string> | Promise<Iterable<string>>;
  /**
   * Called before a request that may open something is sent. Its result is not awaited: an entry that is to survive a
   * kill is written when this returns.
   */
  add(entry: string, baseUrl: string): unknown;
  /** Called once the entry's subscription is deleted, or turns out never to have been opened. */
  remove(entry: string, baseUrl: string): unknown;
}

const decorator = Symbol('journal');

/** A journal of what a client has open on the server: `fileJournal(directory)`, or `createJournal(store)`. */
export interface Journal extends JournalStore {
  readonly [decorator]: unknown;
}

export interface Journaled {
  /** The same endpoints, with everything that upstreams open and delete recorded. */
  readonly api: WireApi;
  /** Deletes, once, what ended processes left in the journal. */
  reap(deleter: Deleter, isClosed: () => boolean): void;
}

/** @param settleTime - milliseconds after which the server should be done with the requests of an ended process. */
export type JournalDecorator = (baseUrl: string, api: WireApi, monitor: Pick<Monitor, 'emit'>, settleTime: number) => Journaled;

export function createJournalOption(store: JournalStore, decorate: JournalDecorator): Journal {
  return Object.freeze({
    pending: (baseUrl: string) => store.pending(baseUrl),
    add: (entry: string, baseUrl: string) => store.add(entry, baseUrl),
    remove: (entry: string, baseUrl: string) => store.remove(entry, baseUrl),
    [decorator]: decorate,
  });
}

/** `undefined` where `given` was not made by {@link createJournalOption}. */
export function journalOf(given: unknown): JournalDecorator | undefined {
  return (given as Partial<Record<symbol, JournalDecorator>> | null | undefined)?.[decorator];
}
