/**
 * The members of a simulator, with their documentation. Types only.
 */
import type { ObjectType } from './centre/centre.js';
import type { CentreView } from './centre/report.js';
import type { Direction } from './direction.js';
import type { FaultScript } from './faults.js';
import type { Ledger } from './ledger.js';
import type { Origin } from './origin.js';
import type { SimulatorTransport } from './server/transport.js';

/** The statistic of a scripted value: by name, or by the inline definition with which it was opened. */
export interface StatisticTarget {
  readonly name?: string | undefined;
  readonly definition?: object | undefined;
  readonly objectId: string;
  readonly objectType: string;
}

/** An object that statistics can be requested of, and the origin of its name. */
export type ListedObject = Origin & {
  readonly objectId: string;
  readonly objectType: ObjectType;
};

/** A running simulator of the Statistics API. */
export interface Simulator extends Direction, AsyncDisposable {
  /**
   * The URL of the API, including `/statistics/v3`. With `listen: false` its host exists in no network, and the URL works together
   * with `transport` only.
   */
  readonly url: string;
  /** The TCP port; 0 with `listen: false`. */
  readonly port: number;
  /**
   * The same server without sockets, for the client's option `transport`: in browsers, jsdom and Storybook, or with fake timers.
   * The ledger records its requests, and faults apply to them; there are no connections to count.
   */
  readonly transport: SimulatorTransport;
  /** The record of requests and subscriptions. */
  readonly ledger: Ledger;
  /** The state of the contact centre behind the statistics. */
  readonly centre: CentreView;
  /**
   * Advances simulated time by `ms`. With the manual clock, time passes only by this call. With the real clock, the call adds to the
   * time that passes by itself.
   *
   * @throws RangeError if `ms` is not a finite number of 0 or more.
   */
  advance(ms: number): void;
  /**
   * Scripts a fault. Returns a function that undoes it. At most one fault applies to a request: of those that match, the first that
   * was added.
   *
   * @throws RangeError if the script is malformed.
   */
  fault(script: FaultScript): () => void;
  /** Undoes every fault. Hanging requests are processed. */
  clearFaults(): void;
  /** Every object that statistics can be requested of. */
  objects(): readonly ListedObject[];
  /** Forgets a subscription, or all of them, like a server that restarts. `ledger.deleted` does not list them. */
  forget(id?: string): void;
  /** Refuses the current token with 401 from now on, and accepts `newToken`, a generated one by default. Returns the new token. */
  expireToken(newToken?: string): string;
  /**
   * Overrides the value of a statistic; `undefined` restores the centre's own value. A number takes the usual form of numbers;
   * anything else is sent as it is, so it must be JSON. The timestamp is the time of the call.
   *
   * A statistic or an object unknown to the centre becomes known this way. `undefined` removes it again, also from the answers of
   * subscriptions that hold it.
   *
   * @throws RangeError if `target` has no object, or not exactly one of name and definition.
   */
  set(target: StatisticTarget, value: unknown): void;
  /**
   * Stops like a server that is down: connections break, new ones are refused, and time goes on. Subscriptions survive; call
   * `forget()` too for a server that loses them. Resolves when nothing is left. Idempotent.
   */
  stop(): Promise<void>;
  /** Starts again on the same port. Idempotent. Rejects after `close()`, and with the system's error if the port is not available. */
  start(): Promise<void>;
  /** Ends every connection and stops listening for good; resolves when nothing is left. Idempotent. */
  close(): Promise<void>;
}
