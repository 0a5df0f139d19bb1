/**
 * Time, as the Angular layer needs it: the deadline of first values, and the age of values that a server rendered. The only
 * file here that sets a timer or tells the time.
 */

/** Calls back once, after `milliseconds`; returns how to cancel that. Call it outside of the zone, which counts timers. */
export function after(milliseconds: number, callback: () => void): () => void {
  const timer = setTimeout(callback, milliseconds);
  return () => clearTimeout(timer);
}

/** Epoch milliseconds. */
export const now = (): number => Date.now();
