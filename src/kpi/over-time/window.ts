/**
 * The numbers in a window of time, each holding until the next. Owns which are still in the window; must not know what is
 * made of them.
 */

/** A number, and from when to when it held. */
export interface Held {
  readonly number: number;
  readonly from: number;
  /** Infinity for the present number. */
  until: number;
}

export interface Window {
  /** The numbers in it, oldest first. */
  readonly held: readonly Held[];
  /** The present number from `at` on. */
  push(number: number, at: number): void;
  /** Lets go of what ended `length` or more before `at`. */
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
