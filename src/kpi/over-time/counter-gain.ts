/** The gain of a growing counter from one reading to the next. */

/** The gain. If the counter fell, it was reset at midnight or by a restart, so its whole present value was counted since. */
export function counterGain(before: number, now: number): number {
  return now < before ? now : now - before;
}
