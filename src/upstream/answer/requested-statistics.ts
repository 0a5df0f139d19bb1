/**
 * Which statistics an upstream asks for, and which of them any answer has ever held. A statistic that neither the opening
 * nor enough polls have held does not exist, and is dropped (G8). Owns that memory over all sessions; knows nothing of
 * requests.
 */
import type { Definition } from '../../model/definition.js';

export interface RequestedStatistics {
  /** By index; `undefined` once it was dropped, so that it is not opened again. Always up to date. */
  readonly wanted: readonly (Definition | undefined)[];
  /** How many are wanted. */
  count(): number;
  /** An answer came: by index, `undefined` where it holds none. */
  markSeen(readings: readonly unknown[]): void;
  /** Whether any answer has held any of these; `undefined`: any at all. */
  hasSeen(indices: readonly number[] | undefined): boolean;
  /** A poll that asked for these was answered and its answer marked; `undefined`: it asked for all. Drops what does not exist and returns it. */
  dropMissing(asked: readonly number[] | undefined): readonly number[];
}

/** This many polls that asked for a statistic in vain, after the opening did, show that it does not exist. */
const pollsToMiss = 2;

export function createRequestedStatistics(definitions: readonly Definition[]): RequestedStatistics {
  const wanted: (Definition | undefined)[] = [...definitions];
  const seen = new Uint8Array(definitions.length);
  const missed = new Uint8Array(definitions.length);
  /** How many of the wanted ones no answer has held. */
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
