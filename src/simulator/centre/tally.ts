/**
 * Counts with the time of their last change. Owns counting. Knows neither what is counted nor the clock. Every `now` is in whole
 * epoch seconds.
 */
import { Recent } from './recent.js';

/** A count of today, with the time of its last change and its recent events. */
export class Tally {
  count = 0;
  at: number;
  readonly recent: Recent;

  constructor(now: number) {
    this.at = now;
    this.recent = new Recent(now);
  }

  add(now: number): void {
    this.count++;
    this.at = now;
    this.recent.add(now, 0);
  }

  /** Starts a new day with `carried`, the number of events that last over midnight. */
  reset(now: number, carried = 0): void {
    if (this.count !== carried) this.at = now;
    this.count = carried;
  }
}

/** A count of today's waits with their lengths in whole seconds, for any time range. */
export class Waits {
  count = 0;
  /** Sum of all lengths, in seconds. */
  seconds = 0;
  at: number;
  readonly recent: Recent;
  #bySecond: number[] = [];

  constructor(now: number) {
    this.at = now;
    this.recent = new Recent(now);
  }

  add(now: number, seconds: number): void {
    this.carry(now, seconds);
    this.recent.add(now, seconds);
  }

  /** Counts a wait again that was already counted on the day before. */
  carry(now: number, seconds: number): void {
    while (this.#bySecond.length <= seconds) this.#bySecond.push(0);
    this.#bySecond[seconds] = (this.#bySecond[seconds] ?? 0) + 1;
    this.count++;
    this.seconds += seconds;
    this.at = now;
  }

  /** The number of waits from `left` to `right` seconds, both included. */
  within(left: number, right: number): number {
    const last = Math.min(right, this.#bySecond.length - 1);
    let sum = 0;
    for (let second = Math.max(0, Math.ceil(left)); second <= last; second++) sum += this.#bySecond[second] ?? 0;
    return sum;
  }

  reset(now: number): void {
    if (this.count !== 0) this.at = now;
    this.count = 0;
    this.seconds = 0;
    this.#bySecond = [];
  }
}
