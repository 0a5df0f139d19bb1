/**
 * What a simulator offers: its members and their documentation. Owns the types alone.
 */
import type { ObjectType } from './centre/centre.js';
import type { CentreView } from './centre/report.js';
import type { Direction } from './direction.js';
import type { FaultScript } from './faults.js';
import type { Ledger } from './ledger.js';
import type { Origin } from './origin.js';
import type { SimulatorTransport } from './server/transport.js';

/** Which statistic a test scripts: by name, or by inline definition as it was opened. */
export interface StatisticTarget {
  readonly name?: string | undefined;
  readonly definition?: object | undefined;
  readonly objectId: string;
  readonly objectType: string;
}

/** An object that statistics can be asked of. */
export type ListedObject = Origin & {
  readonly objectId: string;
  readonly objectType: ObjectType;
};

/** A running simulator of the Statistics API. */
export interface Simulator extends Direction, AsyncDisposable {
  /**
   * Where the API is, `/statistics/v3` included. Where it does not listen: a name that no network has, to be used together
   * with `transport`.
   */
  readonly url: string;
  /** The TCP port; 0 where it does not listen. */
  readonly port: number;
  /**
   * The same server without sockets, for the client's option `transport`: in browsers, jsdom and Storybook, or under fake
   * timers. Requests and faults are those of the ledger and of `fault()`; connections are not counted.
   */
  readonly transport: SimulatorTransport;
  /** What was asked and what became of it. */
  readonly ledger: Ledger;
  /** The contact centre behind the statistics, to look at. */
  readonly centre: CentreView;
  /**
   * Moves simulated time on by `ms`. With the manual clock nothing else does; with the real one it comes on top.
   *
   * @throws RangeError when `ms` is no finite number of 0 or more.
   */
  advance(ms: number): void;
  /**
   * Scripts a fault; the answer undoes it. Faults are asked in the order they were added, and one request meets at most one.
   *
   * @throws RangeError when the script is malformed.
   */
  fault(script: FaultScript): () => void;
  /** Undoes every fault; requests that hang are processed. */
  clearFaults(): void;
  /** Every object that statistics can be asked of. */
  objects(): readonly ListedObject[];
  /** The server forgets a subscription, or all of them, as after a restart. No trace in `ledger.deleted`. */
  forget(id?: string): void;
  /** The token accepted so far is refused with 401 from now on, `newToken` (a made one by default) accepted. Gives the latter. */
  expireToken(newToken?: string): string;
  /**
   * Lets a statistic say `value` instead of what the centre says, and `undefined` the centre's own again. A number takes
   * the usual form of numbers; anything else becomes `value` as it is, so it must be JSON. The timestamp is that of the call.
   *
   * A statistic or an object unknown to the centre becomes known this way. With `undefined` it disappears again, also from
   * the answers about subscriptions that hold it.
   *
   * @throws RangeError when `target` has no object, or not exactly one of name and definition.
   */
  set(target: StatisticTarget, value: unknown): void;
  /**
   * Goes away like a server that is down: connections break, new ones are refused, time goes on. Subscriptions survive; a
   * server that forgets them as well is `stop()` and `forget()`. Resolves when nothing is left. Idempotent.
   */
  stop(): Promise<void>;
  /**
   * Comes back on the same port. Idempotent. Rejects with the system's error when the port cannot be had, and once closed.
   */
  start(): Promise<void>;
  /** Ends every connection and stops listening for good; resolves when nothing is left. Idempotent. */
  close(): Promise<void>;
}
