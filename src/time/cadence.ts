/** When the next poll is due: at `interval` while values change, further and further apart while nothing does. Pure. */

export interface CadenceOptions {
  /** Milliseconds from the end of a poll to the start of the next, while values change. */
  readonly interval: number;
  /** Milliseconds: how far the interval grows while nothing changes. */
  readonly maxInterval: number;
  /** Growth per unchanged poll. */
  readonly factor: number;
}

/** The interval after a poll, given the one before it and whether the poll brought any change. */
export function nextInterval({ interval, maxInterval, factor }: CadenceOptions, previous: number, changed: boolean): number {
  return changed ? interval : Math.min(maxInterval, previous * factor);
}
