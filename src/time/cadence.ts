/** How far apart polls are: `interval` while values change, further and further while nothing does. Pure. */

export interface CadenceOptions {
  /** Milliseconds from the end of a poll to the start of the next, while values change. */
  readonly interval: number;
  /** Milliseconds: how far the interval grows while nothing changes. */
  readonly maxInterval: number;
  /** Growth per unchanged poll. */
  readonly factor: number;
}

/** The interval after so many polls on end that brought no change. */
export function intervalAfter({ interval, maxInterval, factor }: CadenceOptions, unchanged: number): number {
  return Math.min(maxInterval, interval * factor ** unchanged);
}
