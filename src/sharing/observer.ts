/**
 * The two kinds of observers of a cell or a set: of its values, and of its states. Both are small, since there are many of them.
 * Each calls its subscriber in the async context that it was created in.
 */
import type { Subscriber } from 'rxjs';
import { captureContext } from '#context';
import type { StatisticsError } from '../model/errors.js';
import type { State } from '../model/state.js';
import type { StatisticValue } from '../model/statistic.js';
import type { Observer, Tenant } from './tenant.js';

/** Turns the values of a set, in the order of its definitions, into the snapshot that is emitted. */
export type Arrange<S> = (values: readonly StatisticValue[]) => S;

abstract class SubscriberOf<V, T> implements Pick<Observer<V>, 'tenant' | 'complete' | 'unsubscribe'> {
  tenant: Tenant<V> | undefined;
  readonly #context = captureContext();

  constructor(protected readonly subscriber: Subscriber<T>) {}

  complete(): void {
    this.#context.runInAsyncScope(this.subscriber.complete, this.subscriber);
  }

  protected emit(value: T): void {
    this.#context.runInAsyncScope(this.subscriber.next, this.subscriber, value);
  }

  protected error(error: unknown): void {
    this.#context.runInAsyncScope(this.subscriber.error, this.subscriber, error);
  }

  /** Calls a function of the program. */
  protected call<Args extends unknown[], Result>(callback: (...args: Args) => Result, ...args: Args): Result {
    return this.#context.runInAsyncScope(callback, undefined, ...args);
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

  /** @param arrange - turns a value of the tenant into the emitted one. Without it, values are emitted as they are. */
  constructor(subscriber: Subscriber<T>, distinct: ((a: T, b: T) => boolean) | undefined, readonly interval: number | undefined, arrange?: (value: V) => T) {
    super(subscriber);
    this.#distinct = distinct;
    this.#arrange = arrange;
  }

  /** `distinct` of a statistic also decides about equal values. `distinct` of a set sees only snapshots in which something changed. */
  get wantsUnchanged(): boolean {
    return this.#distinct !== undefined && this.#arrange === undefined;
  }

  value(given: V, unchanged: boolean): void {
    if (unchanged && !this.wantsUnchanged) {
      return;
    }
    const value = this.#arrange === undefined ? (given as unknown as T) : this.#arrange(given);
    if (this.#distinct === undefined || this.#isNews(this.#distinct, value)) {
      this.emit(value);
    }
  }

  /** If `distinct` throws, this observer alone ends, with what was thrown. */
  #isNews(distinct: (a: T, b: T) => boolean, value: T): boolean {
    try {
      if (this.#last !== undefined && this.call(distinct, this.#last, value)) {
        return false;
      }
      this.#last = value;
      return true;
    } catch (thrown) {
      this.error(thrown);
      return false;
    }
  }

  state(): void {
    // This observer ignores states.
  }

  fail(error: StatisticsError): void {
    this.error(error);
  }
}

/** Emits the states of a cell or a set. It never errors: `failed` is the last state. */
export class StateObserver<V, T = V> extends SubscriberOf<V, State<T>> implements Observer<V> {
  readonly wantsUnchanged = false;
  readonly interval = undefined;

  /** @param arrange - turns a value of the tenant into the `value` of the emitted state. */
  constructor(subscriber: Subscriber<State<T>>, readonly arrange: (value: V) => T) {
    super(subscriber);
  }

  value(): void {
    // Each state already includes the value.
  }

  state({ state }: Tenant<V>): void {
    this.emit((state.value === undefined ? state : Object.freeze({ ...state, value: this.arrange(state.value) })) as State<T>);
  }

  fail(): void {
    this.complete();
  }
}
