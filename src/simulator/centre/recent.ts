/** Recent events, for sliding windows. Owns how long they are kept. Does not know what they mean. Times are in whole epoch seconds. */

/** The longest window that can be asked for, in seconds. */
export const LONGEST_WINDOW = 3600;

/** A window that ends now: its length, and the step by which it moves, in seconds. */
export interface SlidingWindow {
  readonly length: number;
  readonly step: number;
}

/** The events within a window. */
export interface WindowView {
  readonly count: number;
  /** The sum of the values. */
  readonly seconds: number;
  /** The number of values in a range, both ends included. */
  within(left: number, right: number): number;
  /** When an event last entered or left the window. */
  readonly at: number;
}

/** Events with a value each, oldest first. */
export class Recent {
  #times: number[] = [];
  #values: number[] = [];
  /** The time of the latest dropped event. */
  #dropped = -Infinity;
  /** The number of events at the front that are due to be dropped. */
  #old = 0;
  readonly #since: number;

  constructor(now: number) {
    this.#since = now;
  }

  add(now: number, value: number): void {
    this.#times.push(now);
    this.#values.push(value);
    for (let at = this.#times[this.#old]; at !== undefined && at <= now - 2 * LONGEST_WINDOW; at = this.#times[this.#old]) {
      this.#dropped = at;
      this.#old++;
    }
    // Drops half of the events at a time, so that each event is moved at most once.
    if (this.#old > 32 && this.#old * 2 > this.#times.length) {
      this.#times = this.#times.slice(this.#old);
      this.#values = this.#values.slice(this.#old);
      this.#old = 0;
    }
  }

  /** The events within a window whose values `wanted` accepts. */
  view(now: number, { length, step }: SlidingWindow, wanted: (value: number) => boolean = () => true): WindowView {
    const end = Math.floor(now / step) * step;
    const shown = (at: number): number => Math.ceil(at / step) * step;
    const values: number[] = [];
    let at = Math.max(this.#since, this.#dropped === -Infinity ? 0 : Math.min(end, shown(this.#dropped + length)));
    let seconds = 0;
    for (let index = this.#old; index < this.#times.length; index++) {
      const time = this.#times[index] ?? 0;
      const value = this.#values[index] ?? 0;
      if (time > end) break;
      if (!wanted(value)) continue;
      const leaves = shown(time + length);
      at = Math.max(at, leaves <= end ? leaves : shown(time));
      if (time <= end - length) continue;
      values.push(value);
      seconds += value;
    }
    return { count: values.length, seconds, at, within: (left, right) => values.filter((value) => value >= left && value <= right).length };
  }
}
