/** Who watches: an observer of a cell's values, or of its states, or of a set. One small object for each, since there are many. */
import type { Subscriber } from 'rxjs';
import type { StatisticsError } from '../model/errors.js';
import type { StatisticValue } from '../model/statistic.js';
import type { Cell, StatisticState, Watcher } from './cell.js';
import type { SetWatcher } from './set.js';

/** Replaces deep equality of `value` for one observer: whether `b` is no news after `a`. */
export type Distinct = (a: StatisticValue, b: StatisticValue) => boolean;

/** Feeds an observer of values: each different one, by deep equality or by `distinct`. */
export class ValueWatcher implements Watcher {
  cell: Cell | undefined;
  readonly interval: number | undefined;
  readonly #subscriber: Subscriber<StatisticValue>;
  readonly #distinct: Distinct | undefined;
  #last: StatisticValue | undefined;

  constructor(subscriber: Subscriber<StatisticValue>, distinct: Distinct | undefined, interval: number | undefined) {
    this.#subscriber = subscriber;
    this.#distinct = distinct;
    this.interval = interval;
  }

  get hearsAll(): boolean {
    return this.#distinct !== undefined;
  }

  value(value: StatisticValue, confirmed: boolean): void {
    if (this.#distinct === undefined ? !confirmed : this.#differs(this.#distinct, value)) {
      this.#subscriber.next(value);
    }
  }

  #differs(distinct: Distinct, value: StatisticValue): boolean {
    try {
      if (this.#last !== undefined && distinct(this.#last, value)) {
        return false;
      }
      this.#last = value;
      return true;
    } catch (error) {
      this.#subscriber.error(error);
      return false;
    }
  }

  state(): void {
    // Values are all it tells.
  }

  fail(error: StatisticsError): void {
    this.#subscriber.error(error);
  }

  complete(): void {
    this.#subscriber.complete();
  }

  unsubscribe(): void {
    this.cell?.leave(this);
  }
}

/** Feeds an observer of states, which never errors: `failed` is the last it hears. */
export class StateWatcher implements Watcher {
  cell: Cell | undefined;
  readonly hearsAll = false;
  readonly interval = undefined;
  readonly #subscriber: Subscriber<StatisticState>;

  constructor(subscriber: Subscriber<StatisticState>) {
    this.#subscriber = subscriber;
  }

  value(): void {
    // States hold them.
  }

  state(cell: Cell): void {
    this.#subscriber.next(cell.state);
  }

  fail(): void {
    this.#subscriber.complete();
  }

  complete(): void {
    this.#subscriber.complete();
  }

  unsubscribe(): void {
    this.cell?.leave(this);
  }
}

/** Feeds an observer of a set: each snapshot in which something changed, unless `distinct` says that it is no news. */
export class SnapshotWatcher<S> implements SetWatcher {
  readonly interval: number | undefined;
  readonly #subscriber: Subscriber<S>;
  readonly #arrange: (values: readonly StatisticValue[]) => S;
  readonly #distinct: ((a: S, b: S) => boolean) | undefined;
  #last: S | undefined;

  constructor(
    subscriber: Subscriber<S>,
    arrange: (values: readonly StatisticValue[]) => S,
    distinct: ((a: S, b: S) => boolean) | undefined,
    interval: number | undefined,
  ) {
    this.#subscriber = subscriber;
    this.#arrange = arrange;
    this.#distinct = distinct;
    this.interval = interval;
  }

  next(values: readonly StatisticValue[]): void {
    const snapshot = this.#arrange(values);
    if (this.#isNews(snapshot)) {
      this.#last = snapshot;
      this.#subscriber.next(snapshot);
    }
  }

  #isNews(snapshot: S): boolean {
    try {
      return this.#last === undefined || this.#distinct?.(this.#last, snapshot) !== true;
    } catch (thrown) {
      this.#subscriber.error(thrown);
      return false;
    }
  }

  error(error: StatisticsError): void {
    this.#subscriber.error(error);
  }

  complete(): void {
    this.#subscriber.complete();
  }
}
