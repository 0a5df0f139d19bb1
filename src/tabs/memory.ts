/** The leaders' publications, as this tab has heard them. Asks the leader for those that it has missed. */
import { systemClock as clock } from '../fleet/clock.js';
import type { News, Remembered } from '../fleet/index.js';
import { apply } from './changes.js';

export interface Memory {
  keep(news: News): void;
  /** The remembered text of each key, in their order. */
  of(keys: readonly string[]): (Remembered | undefined)[];
  /** The leader's memory of each key, in their order; this tab's own if no leader answers in time. */
  recall(keys: readonly string[]): Promise<readonly (Remembered | undefined)[]>;
  /** The leader has answered. */
  heard(keys: readonly string[], found: readonly (Remembered | null)[]): void;
}

/** Milliseconds to wait for the leader's answer. There may be no leader, or it may hang. */
const recallWithin = 500;

export function createMemory(ask: (keys: readonly string[]) => void): Memory {
  const remembered = new Map<string, Remembered>();
  const waiting = new Set<Memory['heard']>();
  const of = (keys: readonly string[]): (Remembered | undefined)[] => keys.map((key) => remembered.get(key));
  return {
    of,
    keep({ fence, sequence, changes }) {
      apply(remembered, changes, (text) => ({ fence, sequence, text }));
    },
    recall(keys) {
      return new Promise((resolve) => {
        const done = (result: readonly (Remembered | undefined)[]): void => {
          waiting.delete(take);
          stop();
          resolve(result);
        };
        const take: Memory['heard'] = (asked, found) => {
          if (asked.length === keys.length && asked.every((key, index) => key === keys[index])) {
            done(found.map((each) => each ?? undefined));
          }
        };
        const stop = clock.after(recallWithin, () => done(of(keys)));
        waiting.add(take);
        ask(keys);
      });
    },
    heard(keys, found) {
      waiting.forEach((take) => take(keys, found));
    },
  };
}
