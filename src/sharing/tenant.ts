/**
 * Whatever needs an upstream: one statistic (a cell) or a set of them. Owns its observers, its state, and when they are
 * notified. Knows nothing of requests, nor of what else lives in the same upstream.
 */
import type { Unsubscribable } from 'rxjs';
import { describe, type Definition } from '../model/definition.js';
import { StatisticsError } from '../model/errors.js';
import type { Reading } from '../model/reading.js';
import type { State } from '../model/state.js';
import type { Answer, Lag } from '../upstream/source.js';
import { notifyEach, reportUnhandledError } from '../upstream/telemetry/safe-notify.js';

/** One observer of a tenant. Unsubscribing leaves the tenant. */
export interface Observer<V> extends Unsubscribable {
  /** The tenant that it observes; set by the tenant. */
  tenant: Tenant<V> | undefined;
  /** Whether it is also notified of values that equal the last one. */
  readonly wantsUnchanged: boolean;
  /** Milliseconds between two polls that it asks for; `undefined`: the client's interval. */
  readonly interval: number | undefined;
  /** A value. `unchanged`: it equals the last one. */
  value(value: V, unchanged: boolean): void;
  /** The state of the tenant has changed. */
  state(tenant: Tenant<V>): void;
  fail(error: StatisticsError): void;
  complete(): void;
}

/** The group that a tenant lives in, reduced to what concerns a tenant. */
export interface Home {
  /** The tenant has its first observer. */
  enter(tenant: Tenant): void;
  /** It has lost its last observer. */
  leave(tenant: Tenant): void;
  /** It lives elsewhere from now on, and nobody comes back to it here. Returns what ends this home, if nobody is left. */
  moveOut(tenant: Tenant): () => void;
  /** Its observers need another interval, or more answers, than before. */
  reconsider(): void;
}

/** Notified of tenants that nobody observes any more. */
export interface Registrar {
  unobserved(tenant: Tenant): void;
}

const nowhere: readonly number[] = [];

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a home takes tenants of any kind of value
export abstract class Tenant<V = any> {
  /** `undefined` until it is opened, and again once its group has ended. */
  home: Home | undefined;
  /** Where its definitions stand in the answers that it is offered, in its own order; set by whoever offers them. */
  places: readonly number[] = nowhere;
  readonly #registrar: Registrar;
  /** One observer, or a set of several: most tenants have one. */
  #observers: Observer<V> | Set<Observer<V>> | undefined;
  #wantingUnchanged = 0;
  #status: State<V>['status'] = 'pending';
  #error: StatisticsError | undefined;
  #receivedAt: number | undefined;
  /** Monotonic time of the last accepted answer, and the reason once that is too long ago; `undefined`: the last answer was accepted. */
  #behind: { readonly since: number; lag?: Lag } | undefined;

  constructor(registrar: Registrar) {
    this.#registrar = registrar;
  }

  /** Two tenants with the same key are the same. */
  abstract readonly key: string;
  /** Distinct. All of them have to live in one upstream. */
  abstract readonly definitions: readonly Definition[];
  /** The last value, as observers are given it; `undefined` while there is none. */
  abstract readonly current: V | undefined;

  /**
   * Takes an answer.
   *
   * @param changed - the places that can differ from the last answer offered; `undefined`: all can.
   * @param news - to be marked, by place, where the value is news.
   */
  abstract take(answer: Answer, changed: ReadonlySet<number> | undefined, news?: Uint8Array): void;

  /** Whether a reading at a place, of an answer of this server time, is older than the one that was accepted. */
  abstract isNewerThan(reading: Reading, serverTime: number, place: number): boolean;

  get observed(): boolean {
    return this.#observers !== undefined;
  }

  /** Whether it has to be offered answers in which nothing changed: an observer counts them, or it has not taken the last one. */
  get wantsUnchanged(): boolean {
    return this.#wantingUnchanged > 0 || this.#status !== 'live' || this.isBehind;
  }

  /** The statistic that answers have lacked for too long; `undefined` while they lack none. */
  get lag(): Lag | undefined {
    return this.#behind?.lag;
  }

  /** Whether the last answer offered was not accepted. */
  protected get isBehind(): boolean {
    return this.#behind !== undefined;
  }

  get state(): State<V> {
    const value = this.current;
    return Object.freeze({
      status: this.#status,
      ...(value === undefined ? {} : { value }),
      ...(this.#error === undefined ? {} : { error: this.#error }),
      ...(this.#receivedAt === undefined ? {} : { receivedAt: this.#receivedAt }),
    }) as State<V>;
  }

  /** Milliseconds: the shortest interval that an observer asks for, `usual` standing for those that ask for none; `undefined`: none asks. */
  interval(usual: number): number | undefined {
    if (!(this.#observers instanceof Set)) {
      return this.#observers?.interval;
    }
    let least: number | undefined;
    let noneAsks = true;
    for (const { interval } of this.#observers) {
      noneAsks &&= interval === undefined;
      least = Math.min(least ?? Number.POSITIVE_INFINITY, interval ?? usual);
    }
    return noneAsks ? undefined : least;
  }

  /** Gives a new observer the present state and value at once, and every later one. */
  join(observer: Observer<V>): void {
    const isFirst = this.#observers === undefined;
    observer.tenant = this;
    if (isFirst) {
      this.#observers = observer;
    } else if (this.#observers instanceof Set) {
      this.#observers.add(observer);
    } else {
      this.#observers = new Set([this.#observers as Observer<V>, observer]);
    }
    this.#wantingUnchanged += observer.wantsUnchanged ? 1 : 0;
    if (isFirst) {
      this.home?.enter(this);
    } else if (observer.interval !== undefined || observer.wantsUnchanged) {
      this.home?.reconsider();
    }
    observer.state(this);
    const { current } = this;
    if (current !== undefined) {
      observer.value(current, false);
    }
  }

  leave(observer: Observer<V>): void {
    observer.tenant = undefined;
    this.#wantingUnchanged -= observer.wantsUnchanged ? 1 : 0;
    if (this.#observers instanceof Set) {
      this.#observers.delete(observer);
      this.#observers = this.#observers.size > 0 ? this.#observers : undefined;
    } else {
      this.#observers = undefined;
    }
    if (this.#observers === undefined) {
      this.home?.leave(this);
      this.#registrar.unobserved(this);
    } else if (observer.interval !== undefined) {
      this.home?.reconsider();
    }
  }

  /** Nothing has confirmed the value for too long. */
  stale(error: StatisticsError | undefined): void {
    if (this.#status !== 'stale') {
      this.#status = 'stale';
      this.#error = error;
      this.#notify(true, undefined, false);
    }
  }

  /** Ends every observer with an error. */
  fail(error: StatisticsError): void {
    this.#status = 'failed';
    this.#error = error;
    notifyEach(this.#clear(), (observer) => {
      observer.state(this);
      observer.fail(error);
    });
  }

  complete(): void {
    notifyEach(this.#clear(), (observer) => observer.complete());
  }

  /** Records that an answer was not accepted, because it lacks a statistic or holds an older value of it. */
  protected passedOver({ previousAt, staleBefore }: Answer, definition: Definition, isOutdated: boolean): void {
    const behind = (this.#behind ??= { since: previousAt });
    if (behind.since <= staleBefore) {
      behind.lag ??= { definition, isOutdated, error: lagError(definition, isOutdated) };
      this.stale(behind.lag.error);
    }
  }

  /** An answer has been accepted, and {@link current} is of it. */
  protected accepted(isNews: boolean, receivedAt: number): void {
    const isTransition = isNews || this.#status !== 'live';
    this.#behind = undefined;
    if (isTransition) {
      this.#status = 'live';
      this.#error = undefined;
      this.#receivedAt = receivedAt;
    }
    if (isTransition || this.#wantingUnchanged > 0) {
      this.#notify(isTransition, this.current, !isNews);
    }
  }

  /** Observers may leave, and others join, while they are notified. Without a closure: most of what a poll does ends here. */
  #notify(state: boolean, value: V | undefined, unchanged: boolean): void {
    if (!(this.#observers instanceof Set)) {
      this.#notifyOne(this.#observers, state, value, unchanged);
      return;
    }
    for (const observer of [...this.#observers]) {
      this.#notifyOne(observer, state, value, unchanged);
    }
  }

  #notifyOne(observer: Observer<V> | undefined, state: boolean, value: V | undefined, unchanged: boolean): void {
    if (observer?.tenant !== this) {
      return;
    }
    try {
      if (state) {
        observer.state(this);
      }
      if (value !== undefined) {
        observer.value(value, unchanged);
      }
    } catch (error) {
      reportUnhandledError(error);
    }
  }

  #clear(): readonly Observer<V>[] {
    const observers = this.#observers;
    const all = observers === undefined ? [] : observers instanceof Set ? [...observers] : [observers];
    this.#observers = undefined;
    all.forEach((observer) => (observer.tenant = undefined));
    return all;
  }
}

function lagError(definition: Definition, isOutdated: boolean): StatisticsError {
  const what = isOutdated ? "the server's values are older than the last one, so its clock may have been set back" : 'the server answers without it';
  return new StatisticsError(`${describe(definition)}: ${what}`);
}
