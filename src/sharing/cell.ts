/**
 * What is remembered of one statistic, and who watches it. The memory belongs to the statistic, not to the upstream, so
 * values keep their order over moves and re-opens (G5). Owns when a watcher is told; knows nothing of requests.
 */
import type { Unsubscribable } from 'rxjs';
import type { Definition } from '../model/definition.js';
import { equal } from '../model/equal.js';
import type { StatisticsError } from '../model/errors.js';
import { isOlder, toValue, type Reading } from '../model/reading.js';
import type { StatisticValue } from '../model/statistic.js';
import { notifyEach, reportUnhandledError } from '../upstream/telemetry/safe-notify.js';
import type { AnswerOrigin } from '../upstream/source.js';

/** How a statistic is doing: what `statisticState$` emits. */
export interface StatisticState {
  readonly status: 'pending' | 'live' | 'stale' | 'failed';
  /** The last value, also while stale. */
  readonly value?: StatisticValue;
  /** Why it failed, or is stale. */
  readonly error?: StatisticsError;
  /** Epoch milliseconds: when `value` last became another, or was confirmed after having been stale. */
  readonly receivedAt?: number;
}

/** Somebody who watches a cell, and can stop. */
export interface Watcher extends Unsubscribable {
  /** Where it watches; the cell's to set. */
  cell: Cell | undefined;
  /** Whether it is to hear of values that are no news, too. */
  readonly hearsAll: boolean;
  /** Milliseconds: how often it wants to know; `undefined`: as often as the client polls. */
  readonly interval: number | undefined;
  /** A new value, different by deep equality; `confirmed` ones are equal to the last. */
  value(value: StatisticValue, confirmed: boolean): void;
  /** Another state, for whoever wants to look at it. */
  state(cell: Cell): void;
  fail(error: StatisticsError): void;
  complete(): void;
}

/** Where a cell lives: the upstream that keeps it live, as far as a cell has to do with it. */
export interface Home {
  /** Somebody watches the cell. */
  enter(cell: Cell): void;
  /** Nobody does any more, or it has `moved` to another home, so that nobody will come back to it here. */
  leave(cell: Cell, moved: boolean): void;
  /** Its watchers want to know at another pace, or more. */
  reconsider(): void;
}

/** Who keeps the cells. */
export interface Keeper {
  /** The last watcher has left. */
  unwatched(cell: Cell): void;
}

export class Cell {
  readonly definition: Definition;
  /** None while it waits to be opened. */
  home: Home | undefined;
  readonly #keeper: Keeper;
  /** One, or a set of many: most statistics have one. */
  #watchers: Watcher | Set<Watcher> | undefined;
  #hearingAll = 0;
  #reading: Reading | undefined;
  #session: object | undefined;
  /** What another session opened with was older. Should its clock be behind, that is what it will say again. */
  #passedOver = false;
  #status: StatisticState['status'] = 'pending';
  #error: StatisticsError | undefined;
  #receivedAt: number | undefined;

  constructor(definition: Definition, keeper: Keeper) {
    this.definition = definition;
    this.#keeper = keeper;
  }

  get watched(): boolean {
    return this.#watchers !== undefined;
  }

  /** Whether a value of it is known. */
  get known(): boolean {
    return this.#reading !== undefined;
  }

  /** Whether it is to be offered values that are the same as before, too: somebody counts them, or it has not taken the last. */
  get attentive(): boolean {
    return this.#hearingAll > 0 || this.#status !== 'live' || this.#passedOver;
  }

  get state(): StatisticState {
    return Object.freeze({
      status: this.#status,
      ...(this.#reading === undefined ? {} : { value: toValue(this.definition, this.#reading) }),
      ...(this.#error === undefined ? {} : { error: this.#error }),
      ...(this.#receivedAt === undefined ? {} : { receivedAt: this.#receivedAt }),
    });
  }

  /** Milliseconds: the shortest interval any watcher wants, where one that says none wants `usual`; `undefined`: all say none. */
  interval(usual: number): number | undefined {
    if (!(this.#watchers instanceof Set)) {
      return this.#watchers?.interval;
    }
    let least: number | undefined;
    let all = true;
    for (const { interval } of this.#watchers) {
      all &&= interval === undefined;
      least = Math.min(least ?? Number.POSITIVE_INFINITY, interval ?? usual);
    }
    return all ? undefined : least;
  }

  /** Tells a new watcher the present at once, and what comes from then on. */
  join(watcher: Watcher): void {
    const first = this.#watchers === undefined;
    watcher.cell = this;
    if (first) {
      this.#watchers = watcher;
    } else if (this.#watchers instanceof Set) {
      this.#watchers.add(watcher);
    } else {
      this.#watchers = new Set([this.#watchers as Watcher, watcher]);
    }
    this.#hearingAll += watcher.hearsAll ? 1 : 0;
    if (first) {
      this.home?.enter(this);
    } else if (watcher.interval !== undefined || watcher.hearsAll) {
      this.home?.reconsider();
    }
    watcher.state(this);
    if (this.#reading !== undefined) {
      watcher.value(toValue(this.definition, this.#reading), false);
    }
  }

  leave(watcher: Watcher): void {
    watcher.cell = undefined;
    this.#hearingAll -= watcher.hearsAll ? 1 : 0;
    if (this.#watchers instanceof Set) {
      this.#watchers.delete(watcher);
      this.#watchers = this.#watchers.size > 0 ? this.#watchers : undefined;
    } else {
      this.#watchers = undefined;
    }
    if (this.#watchers === undefined) {
      this.#keeper.unwatched(this);
    } else if (watcher.interval !== undefined) {
      this.home?.reconsider();
    }
  }

  /** Takes a reading of an answer; tells whether it is news. */
  offer(reading: Reading, origin: AnswerOrigin): boolean {
    const before = this.#reading;
    if (before !== undefined && before !== reading && isOlder(reading, before) && this.#isSameClock(origin)) {
      this.#passedOver = origin.session !== this.#session;
      return false;
    }
    this.#passedOver = false;
    this.#session = origin.session;
    this.#reading = reading;
    const news = before === undefined || !equal(before.value ?? null, reading.value ?? null);
    const revived = this.#status !== 'live';
    if (!news) {
      // Equal, so nobody can tell; and the one that was parsed last need not be kept beside the one that was shown.
      reading.value = before.value;
    }
    if (news || revived) {
      this.#status = 'live';
      this.#error = undefined;
      this.#receivedAt = origin.receivedAt;
    }
    if (news || revived || this.#hearingAll > 0) {
      this.#tell(news || revived, toValue(this.definition, reading), !news);
    }
    return news;
  }

  /** What is remembered is not kept up any more: who comes next is told nothing until it is. */
  forget(): void {
    this.#reading = undefined;
    this.#session = undefined;
    this.#receivedAt = undefined;
    this.#status = 'pending';
  }

  /** Nothing has confirmed the value for too long. */
  stale(error: StatisticsError | undefined): void {
    if (this.#status !== 'stale') {
      this.#status = 'stale';
      this.#error = error;
      this.#tell(true);
    }
  }

  /** Ends every watcher with an error. */
  fail(error: StatisticsError): void {
    this.#status = 'failed';
    this.#error = error;
    notifyEach(this.#clear(), (watcher) => {
      watcher.state(this);
      watcher.fail(error);
    });
  }

  complete(): void {
    notifyEach(this.#clear(), (watcher) => watcher.complete());
  }

  /** Watchers may leave, and others join, while they are told. Without a closure: most of what a poll does ends here. */
  #tell(state: boolean, value?: StatisticValue, confirmed = false): void {
    if (!(this.#watchers instanceof Set)) {
      this.#tellOne(this.#watchers, state, value, confirmed);
      return;
    }
    for (const watcher of this.#all()) {
      this.#tellOne(watcher, state, value, confirmed);
    }
  }

  #tellOne(watcher: Watcher | undefined, state: boolean, value: StatisticValue | undefined, confirmed: boolean): void {
    if (watcher?.cell !== this) {
      return;
    }
    try {
      if (state) {
        watcher.state(this);
      }
      if (value !== undefined) {
        watcher.value(value, confirmed);
      }
    } catch (error) {
      reportUnhandledError(error);
    }
  }

  #all(): readonly Watcher[] {
    return this.#watchers === undefined ? [] : this.#watchers instanceof Set ? [...this.#watchers] : [this.#watchers];
  }

  #clear(): readonly Watcher[] {
    const watchers = this.#all();
    this.#watchers = undefined;
    watchers.forEach((watcher) => (watcher.cell = undefined));
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
