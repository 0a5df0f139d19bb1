/**
 * The simplest model of a client: the number of observers, and whether the client is closed. Commands ask the model whether they
 * apply, and the invariants compare the client with it.
 */
import { nameOf, type Wish } from './observer.js';

export interface Model {
  /** The number of observers. */
  readonly counts: ReadonlyMap<string, number>;
  readonly observing: number;
  closed: boolean;
  began(wish: Wish): void;
  ended(wish: Wish): void;
}

export function createModel(): Model {
  const counts = new Map<string, number>();
  const add = (wish: Wish, change: number): void => {
    const count = (counts.get(nameOf(wish)) ?? 0) + change;
    if (count === 0) {
      counts.delete(nameOf(wish));
    } else {
      counts.set(nameOf(wish), count);
    }
  };
  return {
    counts,
    get observing() {
      return [...counts.values()].reduce((sum, count) => sum + count, 0);
    },
    closed: false,
    began: (wish) => add(wish, 1),
    ended: (wish) => add(wish, -1),
  };
}
