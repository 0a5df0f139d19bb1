/**
 * Which statistics an upstream asks for, and which any answer has ever held: what neither the opening nor so many polls
 * have held is not coming, and is given up. Owns that memory, over all sessions; knows nothing of requests.
 */
import type { Definition } from '../../model/definition.js';

export interface RequestedStatistics {
  /** By index, `undefined` once it was given up: it is not opened again. Always the present. */
  readonly wanted: readonly (Definition | undefined)[];
  /** How many are wanted. */
  count(): number;
  /** An answer came: by index, `undefined` where it holds none. */
  hold(readings: readonly unknown[]): void;
  /** Whether any answer has held any of these; `undefined`: any at all. */
  hasHeld(indices: readonly number[] | undefined): boolean;
  /** A poll that asked for these was answered, and held; `undefined`: for all. Gives up what is not coming, and returns it. */
  giveUp(asked: readonly number[] | undefined): readonly number[];
}

/** A statistic that neither the opening nor so many polls that asked for it have held is not coming. */
const pollsToMiss = 2;

export function createRequestedStatistics(definitions: readonly Definition[]): RequestedStatistics {
  const wanted: (Definition | undefined)[] = [...definitions];
  const held = new Uint8Array(definitions.length);
  const missed = new Uint8Array(definitions.length);
  /** How many are wanted that no answer has held. */
  let awaited = definitions.length;

  return {
    wanted,
    count: () => wanted.filter((definition) => definition !== undefined).length,
    hold(readings) {
      if (awaited > 0) {
        readings.forEach((reading, index) => {
          if (reading !== undefined && held[index] === 0) {
            held[index] = 1;
            awaited--;
          }
        });
      }
    },
    hasHeld: (indices) => indices?.some((index) => held[index] === 1) ?? held.includes(1),
    giveUp(asked) {
      if (awaited === 0) {
        return [];
      }
      const missing = (asked ?? [...wanted.keys()]).filter((index) => {
        missed[index] = (missed[index] ?? 0) + 1;
        return wanted[index] !== undefined && held[index] === 0 && missed[index] >= pollsToMiss;
      });
      for (const index of missing) {
        wanted[index] = undefined;
      }
      awaited -= missing.length;
      return missing;
    },
  };
}
