/** The timer and the time of day for the Angular layer. No other file of this folder uses `setTimeout` or `Date.now`. */

/** Calls back once, after `milliseconds`. Returns a function that cancels this. Call it outside of the zone: a timer inside delays stability. */
export function after(milliseconds: number, callback: () => void): () => void {
  const timer = setTimeout(callback, milliseconds);
  return () => clearTimeout(timer);
}

/** Epoch milliseconds. */
export const now = (): number => Date.now();
