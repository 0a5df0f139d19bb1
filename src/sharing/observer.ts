/** The observers of a cell or a set: of its values, or of its states. Each is one small object, since there are many. */
import type { Subscriber } from 'rxjs';
import type { StatisticsError } from '../model/errors.js';
import type { State } from '../model/state.js';
import type { StatisticValue } from '../model/statistic.js';
import type { Observer, Tenant } from './tenant.js';

/** Makes what is emitted of the values of a set, which come in the order of its definitions. */
export type Arrange<S> = (values: readonly StatisticValue[]) => S;

abstract class SubscriberOf<V, T> implements Pick<Observer<V>, 'tenant' | 'complete' | 'unsubscribe'> {
  tenant: Tenant<V> | undefined;

  constructor(protected readonly subscriber: Subscriber<T>) {}

  complete(): void {
    this.subscriber.complete();
  }

  unsubscribe(): void {
    this.tenant?.leave(this as unknown as Observer<V>);
  }
}

/** Emits values that differ by deep equality, or by an observer's own `distinct`. */
export class ValueObserver<V, T = V> extends SubscriberOf<V, T> implements Observer<V> {
  readonly #distinct: ((a: T, b: T) => boolean) | undefined;
  readonly #arrange: ((value: V) => T) | undefined;
  #last: T | undefined;

  /** @param arrange - makes what is emitted of the tenant's values; they are emitted as they are where it is left out. */
  constructor(subscriber: Subscriber<T>, distinct: ((a: T, b: T) => boolean) | undefined, readonly interval: number | undefined, arrange?: (value: V) => T) {
    super(subscriber);
    this.#distinct = distinct;
    this.#arrange = arrange;
  }

  /** Of a statistic, `distinct` decides about equal values as well; of a set, only snapshots in which something changed come. */
  get wantsUnchanged(): boolean {
    return this.#distinct !== undefined && this.#arrange === undefined;
  }

  value(given: V, unchanged: boolean): void {
    if (unchanged && !this.wantsUnchanged) {
      return;
    }
    const value = this.#arrange === undefined ? (given as unknown as T) : this.#arrange(given);
    if (this.#distinct === undefined || this.#isNews(this.#distinct, value)) {
      this.subscriber.next(value);
    }
  }

  /** If `distinct` throws, this observer alone ends, with what was thrown. */
  #isNews(distinct: (a: T, b: T) => boolean, value: T): boolean {
    try {
      if (this.#last !== undefined && distinct(this.#last, value)) {
        return false;
      }
      this.#last = value;
      return true;
    } catch (thrown) {
      this.subscriber.error(thrown);
      return false;
    }
  }

  state(): void {
    // It emits values only.
  }

  fail(error: StatisticsError): void {
    this.subscriber.error(error);
  }
}

/** Emits the states of a cell or a set. It never errors: `failed` is the last state. */
export class StateObserver<V, T = V> extends SubscriberOf<V, State<T>> implements Observer<V> {
  readonly wantsUnchanged = false;
  readonly interval = undefined;

  /** @param arrange - makes the `value` that is emitted of the tenant's own. */
  constructor(subscriber: Subscriber<State<T>>, readonly arrange: (value: V) => T) {
    super(subscriber);
  }

  value(): void {
    // Each state holds it.
  }

  state({ state }: Tenant<V>): void {
    this.subscriber.next((state.value === undefined ? state : Object.freeze({ ...state, value: this.arrange(state.value) })) as State<T>);
  }

  fail(): void {
    this.subscriber.complete();
  }
}
