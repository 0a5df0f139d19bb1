/**
 * Remembers which statistics an upstream requests, and which of them any answer has ever held, over all sessions. A statistic
 * that neither the opening nor two polls have held does not exist on the server, and is dropped (G8). Knows nothing of requests.
 */
import type { Definition } from '../../model/definition.js';

export interface RequestedStatistics {
  /** The definitions by index; `undefined` in place of a dropped one, so that it is not opened again. A live view. */
  readonly wanted: readonly (Definition | undefined)[];
  /** Number of definitions that are still wanted. */
  count(): number;
  /** Records an answer: its readings by index, `undefined` where the answer holds none. */
  markSeen(readings: readonly unknown[]): void;
  /** Whether an answer has ever held one of these indices; `undefined`: any index. */
  hasSeen(indices: readonly number[] | undefined): boolean;
  /** Call after `markSeen` for a poll that asked for these indices; `undefined`: all. Drops statistics that do not exist, and returns them. */
  dropMissing(asked: readonly number[] | undefined): readonly number[];
}

/** If the opening and this number of polls asked for a statistic, and no answer held it, it does not exist. */
const pollsToMiss = 2;

export function createRequestedStatistics(definitions: readonly Definition[]): RequestedStatistics {
  const wanted: (Definition | undefined)[] = [...definitions];
  const seen = new Uint8Array(definitions.length);
  const missed = new Uint8Array(definitions.length);
  /** Number of wanted statistics that no answer has held. */
  let unseen = definitions.length;

  return {
    wanted,
    count: () => wanted.filter((definition) => definition !== undefined).length,
    markSeen(readings) {
      if (unseen > 0) {
        readings.forEach((reading, index) => {
          if (reading !== undefined && seen[index] === 0) {
            seen[index] = 1;
            unseen--;
          }
        });
      }
    },
    hasSeen: (indices) => indices?.some((index) => seen[index] === 1) ?? seen.includes(1),
    dropMissing(asked) {
      if (unseen === 0) {
        return [];
      }
      const missing = (asked ?? [...wanted.keys()]).filter((index) => {
        missed[index] = (missed[index] ?? 0) + 1;
        return wanted[index] !== undefined && seen[index] === 0 && missed[index] >= pollsToMiss;
      });
      for (const index of missing) {
        wanted[index] = undefined;
      }
      unseen -= missing.length;
      return missing;
    },
  };
}
