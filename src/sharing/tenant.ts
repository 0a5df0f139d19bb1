/**
 * A tenant is anything that needs an upstream: one statistic (a cell) or a set of them. Owns its observers, its state, and when
 * observers are notified. Knows nothing of requests, nor of the other tenants of its upstream.
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
  /** The observed tenant; set by the tenant itself. */
  tenant: Tenant<V> | undefined;
  /** Whether the observer is also notified of values that equal the last one. */
  readonly wantsUnchanged: boolean;
  /** Milliseconds between polls that the observer asks for; `undefined`: the client's interval. */
  readonly interval: number | undefined;
  /** Receives a value. `unchanged`: the value equals the last one. */
  value(value: V, unchanged: boolean): void;
  /** Receives the tenant after its state has changed. */
  state(tenant: Tenant<V>): void;
  fail(error: StatisticsError): void;
  complete(): void;
}

/** The group that a tenant lives in, reduced to what concerns a tenant. */
export interface Home {
  /** Notifies that the tenant got its first observer. */
  enter(tenant: Tenant): void;
  /** Notifies that the tenant lost its last observer. */
  leave(tenant: Tenant): void;
  /** Removes a tenant that moves to another home. Call the result after the move: it ends this home if nobody is left. */
  moveOut(tenant: Tenant): () => void;
  /** Notifies that observers of a tenant need another interval, or more answers, than before. */
  reconsider(): void;
}

/** Is notified of each tenant that nobody observes any more. */
export interface Registrar {
  unobserved(tenant: Tenant): void;
}

const nowhere: readonly number[] = [];

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a home takes tenants of any kind of value
export abstract class Tenant<V = any> {
  /** `undefined` until the tenant is opened, and again once its group has ended. */
  home: Home | undefined;
  /** The index, in offered answers, of each of its definitions. Set by the group, or by the peek, that offers the answers. */
  places: readonly number[] = nowhere;
  readonly #registrar: Registrar;
  /** A `Set` only for several observers, since most tenants have one. */
  #observers: Observer<V> | Set<Observer<V>> | undefined;
  #wantingUnchanged = 0;
  #status: State<V>['status'] = 'pending';
  #error: StatisticsError | undefined;
  #receivedAt: number | undefined;
  /** The monotonic time of the last accepted answer, and the lag once that is too long ago; `undefined`: the last answer was accepted. */
  #behind: { readonly since: number; lag?: Lag } | undefined;

  constructor(registrar: Registrar) {
    this.#registrar = registrar;
  }

  /** Equal for two tenants exactly if they have the same definitions and are of the same kind. */
  abstract readonly key: string;
  /** The distinct definitions of the tenant, all of which have to live in one upstream. */
  abstract readonly definitions: readonly Definition[];
  /** The last value, in the form that observers receive; `undefined` while there is none. */
  abstract readonly current: V | undefined;

  /**
   * Accepts an answer, or passes it over if it lacks a definition or holds an older value.
   *
   * @param changed - the places that can differ from the last answer offered; `undefined`: all can.
   * @param news - the tenant sets the entry at a place to 1 if the value there is new.
   */
  abstract take(answer: Answer, changed: ReadonlySet<number> | undefined, news?: Uint8Array): void;

  /** Whether the accepted reading is newer than `reading`, which stands at this place of an answer with this server time. */
  abstract isNewerThan(reading: Reading, serverTime: number, place: number): boolean;

  get observed(): boolean {
    return this.#observers !== undefined;
  }

  /** Whether the tenant needs unchanged answers too: an observer wants them, or the tenant is not live, or it passed over the last one. */
  get wantsUnchanged(): boolean {
    return this.#wantingUnchanged > 0 || this.#status !== 'live' || this.isBehind;
  }

  /** The statistic that answers have lacked for too long; `undefined` if there is none. */
  get lag(): Lag | undefined {
    return this.#behind?.lag;
  }

  /** Whether the tenant passed over the last answer offered. */
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

  /** The shortest interval of its observers in milliseconds, with `usual` for those that ask for none; `undefined` if no observer asks. */
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

  /** Adds an observer, which gets the present state and value at once, and every later one. */
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

  /** Makes the tenant stale, because nothing has confirmed its value for too long. */
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
  protected notAccepted({ previousAt, staleBefore }: Answer, definition: Definition, isOutdated: boolean): void {
    const behind = (this.#behind ??= { since: previousAt });
    if (behind.since <= staleBefore) {
      behind.lag ??= { definition, isOutdated, error: lagError(definition, isOutdated) };
      this.stale(behind.lag.error);
    }
  }

  /** Records that an answer was accepted. Call it once {@link current} returns the value of this answer. */
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

  /** Observers may leave or join while others are notified, hence the copy. Most polls end here, so no closure is created. */
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
