/** The gain of a growing counter from one reading to the next. */

/** A fall is a reset of the counter, at midnight or by a restart: everything it shows now was counted since. */
export function counterGain(before: number, now: number): number {
  return now < before ? now : now - before;
}
