/**
 * The numbers in a window of time, each of which holds until the next. Owns their removal when they leave the window. Does not know
 * what they are used for.
 */

/** A number, and the time during which it held. */
export interface Held {
  readonly number: number;
  readonly from: number;
  /** `Infinity` for the present number. */
  until: number;
}

export interface Window {
  /** The numbers in the window, oldest first. */
  readonly held: readonly Held[];
  /** Adds a number, which is the present one from `at` on. */
  push(number: number, at: number): void;
  /** Removes the numbers that ended `length` or more before `at`. */
  prune(at: number): void;
}

export function createWindow(length: number): Window {
  const held: Held[] = [];
  return {
    held,
    push(number, at) {
      const last = held.at(-1);
      if (last !== undefined) {
        last.until = at;
      }
      held.push({ number, from: at, until: Infinity });
    },
    prune(at) {
      const kept = held.findIndex(({ until }) => until > at - length);
      held.splice(0, kept);
    },
  };
}
