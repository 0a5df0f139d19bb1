/**
 * The memory of one topic in this process, and its observers. The memory outlasts every leader: values keep their order, and
 * nothing is repeated, when another process takes over (G15). Knows nothing of where updates come from.
 */
import type { State, StatisticsError, StatisticValue } from '../index.js';
import type { Update } from './line.js';
import { samePlain } from './plain.js';
import type { Topic } from './topic.js';

/** One observer of a feed. An exception of its subscriber is RxJS's to report, so it harms no other (G12). */
export interface FeedObserver {
  /** Whether it is also notified of values that equal the last ones. */
  readonly wantsUnchanged: boolean;
  /** Milliseconds between two polls that it asks for; `undefined`: the client's interval. */
  readonly interval: number | undefined;
  value(values: readonly StatisticValue[], unchanged: boolean): void;
  state(state: State<readonly StatisticValue[]>): void;
  fail(error: StatisticsError): void;
  complete(): void;
}

/** The publication that an update came with. */
export interface Stamp {
  readonly fence: number;
  readonly sequence: number;
}

export class Feed {
  readonly observers = new Set<FeedObserver>();
  /** The last publication that was taken. */
  #stamp: Stamp = { fence: 0, sequence: 0 };
  #status: State<unknown>['status'] = 'pending';
  #values: readonly StatisticValue[] | undefined;
  #error: StatisticsError | undefined;
  #receivedAt: number | undefined;
  /** Older values, from the first answers that a new leader had: the last request of the former leader may have been later. */
  #held: { readonly update: Update; readonly since: number } | undefined;

  /** @param since - monotonic time from which an answer is waited for. */
  constructor(
    readonly topic: Topic,
    readonly since: number,
  ) {}

  get fence(): number {
    return this.#stamp.fence;
  }

  get isAnswered(): boolean {
    return this.#status !== 'pending';
  }

  get state(): State<readonly StatisticValue[]> {
    return Object.freeze({
      status: this.#status,
      ...(this.#values === undefined ? {} : { value: this.#values }),
      ...(this.#error === undefined ? {} : { error: this.#error }),
      ...(this.#receivedAt === undefined ? {} : { receivedAt: this.#receivedAt }),
    }) as State<readonly StatisticValue[]>;
  }

  /** The wish of all observers together, as the bus carries it: one line of text. */
  get wish(): string {
    const asked = [...this.observers].map(({ interval }) => interval).filter((interval) => interval !== undefined);
    const wantsUnchanged = [...this.observers].some((observer) => observer.wantsUnchanged);
    return JSON.stringify([asked.length === 0 ? 0 : Math.min(...asked), wantsUnchanged ? 1 : 0]);
  }

  /** Gives a new observer the present state and value at once, and every later one. */
  join(observer: FeedObserver): void {
    this.observers.add(observer);
    observer.state(this.state);
    if (this.#values !== undefined && this.observers.has(observer)) {
      observer.value(this.#values, false);
    }
  }

  /**
   * Takes an update of a publication, unless it was taken before or an earlier one comes late.
   *
   * @param now - monotonic milliseconds.
   * @param isOwn - it comes from this process's own client, in order.
   */
  take(stamp: Stamp, update: Update, now: number, isOwn = false): void {
    const { fence, sequence } = this.#stamp;
    if (stamp.fence < fence || (!isOwn && stamp.fence === fence && stamp.sequence <= sequence)) {
      return;
    }
    this.#stamp = stamp;
    if ((stamp.fence > fence || this.#held !== undefined) && this.#isOlder(update)) {
      this.#held = { update, since: stamp.fence > fence ? now : (this.#held?.since ?? now) };
      this.#confirm();
    } else {
      this.#accept(update);
    }
  }

  /** Takes older values after all, once it is plain that the new leader's server has another clock. */
  releaseHeld(before: number): void {
    if (this.#held !== undefined && this.#held.since <= before) {
      this.#accept(this.#held.update);
    }
  }

  /** Nothing has confirmed the value for too long. */
  stale(error: StatisticsError | undefined): void {
    if (this.#status !== 'stale') {
      this.#status = 'stale';
      this.#error = error;
      this.#notify((observer) => observer.state(this.state));
    }
  }

  /** Ends every observer with an error. */
  fail(error: StatisticsError): void {
    this.#status = 'failed';
    this.#error = error;
    const { state } = this;
    this.#end((observer) => {
      observer.state(state);
      observer.fail(error);
    });
  }

  complete(): void {
    this.#end((observer) => observer.complete());
  }

  #accept({ status, values, error, receivedAt }: Update): void {
    this.#held = undefined;
    if (status === 'failed') {
      this.fail(error as StatisticsError);
    } else if (status === 'stale') {
      this.#values ??= values;
      this.#receivedAt ??= receivedAt;
      this.stale(error);
    } else {
      this.#live(values as readonly StatisticValue[], receivedAt);
    }
  }

  #live(values: readonly StatisticValue[], receivedAt: number | undefined): void {
    const before = this.#values;
    const unchanged = before !== undefined && values.every((value, index) => samePlain(value.value, before[index]?.value));
    this.#values = values;
    const isTransition = !unchanged || this.#status !== 'live';
    if (isTransition) {
      this.#status = 'live';
      this.#error = undefined;
      this.#receivedAt = receivedAt;
    }
    const { state } = this;
    this.#notify((observer) => {
      if (isTransition) {
        observer.state(state);
      }
      if (this.observers.has(observer)) {
        observer.value(values, unchanged);
      }
    });
  }

  /** A leader vouches for what is shown. */
  #confirm(): void {
    if (this.#status === 'stale' && this.#values !== undefined) {
      this.#live(this.#values, this.#receivedAt);
    }
  }

  #isOlder({ status, values }: Update): boolean {
    const shown = this.#values;
    return (
      status === 'live' &&
      shown !== undefined &&
      values?.some(({ timestamp }, index) => {
        const last = shown[index]?.timestamp ?? null;
        return timestamp !== null && last !== null && timestamp < last;
      }) === true
    );
  }

  /** Observers may leave, and others join, while they are notified. */
  #notify(call: (observer: FeedObserver) => void): void {
    for (const observer of [...this.observers]) {
      if (this.observers.has(observer)) {
        call(observer);
      }
    }
  }

  #end(call: (observer: FeedObserver) => void): void {
    const observers = [...this.observers];
    this.observers.clear();
    observers.forEach(call);
  }
}
