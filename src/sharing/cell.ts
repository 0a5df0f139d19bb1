/**
 * What is remembered of one statistic, and who watches it. The memory belongs to the statistic, not to the upstream, so
 * values keep their order over moves and re-opens (G5). Owns when an observer is told; knows nothing of requests.
 */
import { dequal } from 'dequal/lite';
import type { Subscriber } from 'rxjs';
import type { StatisticsError } from '../model/errors.js';
import type { Definition } from '../model/definition.js';
import type { StatisticValue } from '../model/statistic.js';
import type { AnswerOrigin } from '../upstream/source.js';
import type { Share } from './pool.js';

/** How a statistic is doing: what `statisticState$` emits. */
export interface StatisticState {
  readonly status: 'pending' | 'live' | 'stale' | 'failed';
  /** The last value, also while stale. */
  readonly value?: StatisticValue;
  /** Why it failed, or is stale. */
  readonly error?: StatisticsError;
  /** Epoch milliseconds: when `value` was last confirmed by the server. */
  readonly receivedAt?: number;
}

/** Replaces deep equality of `value` for one observer: whether `b` is no news after `a`. */
export type Distinct = (a: StatisticValue, b: StatisticValue) => boolean;

/** Somebody who watches a cell. */
export interface Watcher {
  /** Whether it is to hear of values that are no news, too. */
  readonly hearsAll: boolean;
  /** A new value, different by deep equality; `confirmed` ones are equal to the last. */
  value(value: StatisticValue, confirmed: boolean): void;
  state(state: StatisticState): void;
  fail(error: StatisticsError): void;
  complete(): void;
}

export class Cell {
  readonly definition: Definition;
  /** The upstream that keeps it live; none while it waits to be opened. */
  home: Share | undefined;
  readonly #now: () => number;
  readonly #watchers = new Set<Watcher>();
  #hearingAll = 0;
  #current: StatisticValue | undefined;
  #session: object | undefined;
  #state: StatisticState = Object.freeze({ status: 'pending' });

  constructor(definition: Definition, now: () => number) {
    this.definition = definition;
    this.#now = now;
  }

  get watched(): boolean {
    return this.#watchers.size > 0;
  }

  /** Tells a new watcher the present at once, and what comes from then on. */
  join(watcher: Watcher): void {
    this.#watchers.add(watcher);
    this.#hearingAll += watcher.hearsAll ? 1 : 0;
    watcher.state(this.#state);
    if (this.#current !== undefined) {
      watcher.value(this.#current, false);
    }
  }

  /** Tells whether the watcher was the last: not if it was told of an end before. */
  leave(watcher: Watcher): boolean {
    if (!this.#watchers.delete(watcher)) {
      return false;
    }
    this.#hearingAll -= watcher.hearsAll ? 1 : 0;
    return !this.watched;
  }

  /** Whether it is to be offered values that are the same as before, too: somebody counts them, or it is not live. */
  get attentive(): boolean {
    return this.#hearingAll > 0 || this.#state.status !== 'live';
  }

  /** Takes a value of an answer; tells whether it is news. */
  offer(value: StatisticValue, origin: AnswerOrigin): boolean {
    const before = this.#current;
    if (before !== undefined && isOlder(value, before) && this.#isSameClock(origin)) {
      return false;
    }
    this.#session = origin.session;
    this.#current = value;
    const news = before === undefined || !dequal(before.value, value.value);
    const wasLive = this.#state.status === 'live';
    if (news || !wasLive) {
      this.#state = Object.freeze({ status: 'live', value, receivedAt: this.#now() });
    }
    if (!news && wasLive && this.#hearingAll === 0) {
      return false;
    }
    // A copy: a watcher may leave, and others join, while they are told.
    for (const watcher of [...this.#watchers]) {
      if (this.#watchers.has(watcher)) {
        if (news || !wasLive) {
          watcher.state(this.#state);
        }
        watcher.value(value, !news);
      }
    }
    return news;
  }

  /** Nothing has confirmed the value for too long. */
  stale(error: StatisticsError | undefined): void {
    if (this.#state.status !== 'stale') {
      this.#state = Object.freeze({ ...this.#state, status: 'stale', ...(error === undefined ? {} : { error }) });
      for (const watcher of [...this.#watchers]) {
        watcher.state(this.#state);
      }
    }
  }

  /** Ends every watcher with an error. */
  fail(error: StatisticsError): void {
    this.#state = Object.freeze({ ...this.#state, status: 'failed', error });
    for (const watcher of this.#clear()) {
      watcher.state(this.#state);
      watcher.fail(error);
    }
  }

  complete(): void {
    this.#clear().forEach((watcher) => watcher.complete());
  }

  #clear(): Watcher[] {
    const watchers = [...this.#watchers];
    this.#watchers.clear();
    return watchers;
  }

  /**
   * Whether the timestamps of an answer can be compared with the present value's: within one session always; in the
   * opening of another upstream too, since both were open at once; not after a re-open, whose server may have another clock.
   */
  #isSameClock({ session, opening, reopened }: AnswerOrigin): boolean {
    return session === this.#session || (opening && !reopened);
  }
}

/** Whether `a` was generated before `b`; a value that does not tell is never older. */
export function isOlder(a: StatisticValue, b: StatisticValue): boolean {
  return a.timestamp !== null && b.timestamp !== null && a.timestamp < b.timestamp;
}

/** A watcher that feeds an observer of values: each different one, by deep equality or by `distinct`. */
export function valueWatcher(subscriber: Subscriber<StatisticValue>, distinct: Distinct | undefined): Watcher {
  let last: StatisticValue | undefined;
  return {
    hearsAll: distinct !== undefined,
    value(value, confirmed) {
      try {
        if (distinct === undefined ? confirmed || value === last : last !== undefined && distinct(last, value)) {
          return;
        }
      } catch (error) {
        subscriber.error(error);
        return;
      }
      last = value;
      subscriber.next(value);
    },
    state: () => undefined,
    fail: (error) => subscriber.error(error),
    complete: () => subscriber.complete(),
  };
}

/** A watcher that feeds an observer of states, which never errors: `failed` is the last it hears. */
export function stateWatcher(subscriber: Subscriber<StatisticState>): Watcher {
  return {
    hearsAll: false,
    value: () => undefined,
    state: (state) => subscriber.next(state),
    fail: () => subscriber.complete(),
    complete: () => subscriber.complete(),
  };
}
