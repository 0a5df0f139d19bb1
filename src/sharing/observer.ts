/**
 * The two kinds of observers of a cell or a set: of its values, and of its states. Both are small, since there are many of them.
 * Each calls its subscriber in the async context of its `subscribe`.
 */
import type { Subscriber } from 'rxjs';
import type { StatisticsError } from '../model/errors.js';
import type { State } from '../model/state.js';
import type { StatisticValue } from '../model/statistic.js';
import { inContext, type Context } from '../time/context.js';
import type { Observer, Tenant } from './tenant.js';

/** Turns the values of a set, in the order of its definitions, into the snapshot that is emitted. */
export type Arrange<S> = (values: readonly StatisticValue[]) => S;

/** Called by an observer that is unsubscribed. */
export type Leave<V> = (observer: Observer<V>) => void;

abstract class SubscriberOf<V, T> implements Pick<Observer<V>, 'tenant' | 'complete' | 'unsubscribe'> {
  tenant: Tenant<V> | undefined;

  /** @param context - the context to call the subscriber in; `undefined`: the client's own, in which tenants notify observers anyway. */
  constructor(protected readonly subscriber: Subscriber<T>, protected readonly context: Context | undefined, protected readonly leave: Leave<V>) {}

  complete(): void {
    inContext(this.context, this.subscriber.complete, this.subscriber);
  }

  protected emit(value: T): void {
    // The one call that is made thousands of times, so it does without `inContext`.
    if (this.context === undefined) {
      this.subscriber.next(value);
    } else {
      this.context.runInAsyncScope(this.subscriber.next, this.subscriber, value);
    }
  }

  protected error(error: unknown): void {
    inContext(this.context, this.subscriber.error, this.subscriber, error);
  }

  unsubscribe(): void {
    this.leave(this as unknown as Observer<V>);
  }
}

/** Emits values that differ by deep equality, or by an observer's own `distinct`. */
export class ValueObserver<V, T = V> extends SubscriberOf<V, T> implements Observer<V> {
  readonly #distinct: ((a: T, b: T) => boolean) | undefined;
  readonly #arrange: ((value: V) => T) | undefined;
  #last: T | undefined;

  /** @param arrange - turns a value of the tenant into the emitted one. Without it, values are emitted as they are. */
  constructor(
    subscriber: Subscriber<T>,
    context: Context | undefined,
    leave: Leave<V>,
    distinct: ((a: T, b: T) => boolean) | undefined,
    readonly interval: number | undefined,
    arrange?: (value: V) => T,
  ) {
    super(subscriber, context, leave);
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
      if (this.#last !== undefined && inContext(this.context, distinct, undefined, this.#last, value)) {
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
  constructor(subscriber: Subscriber<State<T>>, context: Context | undefined, leave: Leave<V>, readonly arrange: (value: V) => T) {
    super(subscriber, context, leave);
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
