/** The observers of a cell or a set: of its values, or of its states. Each is one small object, since there are many. */
import type { Subscriber } from 'rxjs';
import type { StatisticsError } from '../model/errors.js';
import type { State } from '../model/state.js';
import type { Distinct, StatisticValue } from '../model/statistic.js';
import type { Observer, Tenant } from './tenant.js';

/** Emits the values of a cell that differ by deep equality, or by `distinct`. */
export class ValueObserver implements Observer<StatisticValue> {
  tenant: Tenant<StatisticValue> | undefined;
  readonly interval: number | undefined;
  readonly #subscriber: Subscriber<StatisticValue>;
  readonly #distinct: Distinct | undefined;
  #last: StatisticValue | undefined;

  constructor(subscriber: Subscriber<StatisticValue>, distinct: Distinct | undefined, interval: number | undefined) {
    this.#subscriber = subscriber;
    this.#distinct = distinct;
    this.interval = interval;
  }

  get wantsUnchanged(): boolean {
    return this.#distinct !== undefined;
  }

  value(value: StatisticValue, unchanged: boolean): void {
    if (this.#distinct === undefined) {
      if (!unchanged) {
        this.#subscriber.next(value);
      }
    } else if (isNews(this.#distinct, this.#last, value, this.#subscriber)) {
      this.#last = value;
      this.#subscriber.next(value);
    }
  }

  state(): void {
    // It emits values only.
  }

  fail(error: StatisticsError): void {
    this.#subscriber.error(error);
  }

  complete(): void {
    this.#subscriber.complete();
  }

  unsubscribe(): void {
    this.tenant?.leave(this);
  }
}

/** Arranges the values of a set, given in the order of its definitions, as the snapshot that one observer asked for. */
export type Arrange<S> = (values: readonly StatisticValue[]) => S;

/** Emits the snapshots of a set in which a value changed, unless `distinct` says that one is no news. */
export class SnapshotObserver<S> implements Observer<readonly StatisticValue[]> {
  tenant: Tenant<readonly StatisticValue[]> | undefined;
  readonly wantsUnchanged = false;
  readonly interval: number | undefined;
  readonly #subscriber: Subscriber<S>;
  readonly #arrange: Arrange<S>;
  readonly #distinct: ((a: S, b: S) => boolean) | undefined;
  #last: S | undefined;

  constructor(subscriber: Subscriber<S>, arrange: Arrange<S>, distinct: ((a: S, b: S) => boolean) | undefined, interval: number | undefined) {
    this.#subscriber = subscriber;
    this.#arrange = arrange;
    this.#distinct = distinct;
    this.interval = interval;
  }

  value(values: readonly StatisticValue[], unchanged: boolean): void {
    if (unchanged) {
      return;
    }
    const snapshot = this.#arrange(values);
    if (this.#distinct === undefined || isNews(this.#distinct, this.#last, snapshot, this.#subscriber)) {
      this.#last = this.#distinct && snapshot;
      this.#subscriber.next(snapshot);
    }
  }

  state(): void {
    // It emits snapshots only.
  }

  fail(error: StatisticsError): void {
    this.#subscriber.error(error);
  }

  complete(): void {
    this.#subscriber.complete();
  }

  unsubscribe(): void {
    this.tenant?.leave(this);
  }
}

/** Emits the states of a cell or a set. It never errors: `failed` is the last state. */
export class StateObserver<V, T = V> implements Observer<V> {
  tenant: Tenant<V> | undefined;
  readonly wantsUnchanged = false;
  readonly interval = undefined;
  readonly #subscriber: Subscriber<State<T>>;
  readonly #arrange: (value: V) => T;

  /** @param arrange - makes what is emitted as `value` of the tenant's own. */
  constructor(subscriber: Subscriber<State<T>>, arrange: (value: V) => T) {
    this.#subscriber = subscriber;
    this.#arrange = arrange;
  }

  value(): void {
    // Each state holds it.
  }

  state(tenant: Tenant<V>): void {
    const { state } = tenant;
    this.#subscriber.next((state.value === undefined ? state : Object.freeze({ ...state, value: this.#arrange(state.value) })) as State<T>);
  }

  fail(): void {
    this.#subscriber.complete();
  }

  complete(): void {
    this.#subscriber.complete();
  }

  unsubscribe(): void {
    this.tenant?.leave(this);
  }
}

/** Asks an observer's own `distinct`. If it throws, that observer alone ends, with what was thrown. */
function isNews<V>(distinct: (a: V, b: V) => boolean, last: V | undefined, value: V, subscriber: Subscriber<unknown>): boolean {
  try {
    return last === undefined || !distinct(last, value);
  } catch (thrown) {
    subscriber.error(thrown);
    return false;
  }
}
