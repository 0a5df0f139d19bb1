/**
 * Reads an answer in a browser: if its bytes equal the last answer's, nothing is parsed; otherwise the whole answer is.
 * Owns the last answer. Node compares each statistic, but in a page this saves too little to justify the code size
 * (docs/performance.md).
 */
import { areSame } from '#bytes';
import type { Body } from '../../wire/body.js';
import type { Entry } from '../../wire/envelope.js';
import type { Comparer } from './compare.js';

/** @param keep - returns the part of an entry to keep. */
export function createComparer(keep: (entry: Entry, place: number) => Entry): Comparer {
  let last: Body | undefined;
  let entries: readonly Entry[] | undefined;
  return {
    read(body, parse) {
      const { bytes } = body;
      const isSame = entries !== undefined && bytes.length === last?.bytes.length && areSame(bytes, 0, last.bytes, 0, bytes.length);
      if (!isSame) {
        entries = parse()?.map(keep);
      }
      last?.release();
      last = body;
      return entries === undefined ? undefined : { entries, changed: isSame ? [] : undefined };
    },
    forget() {
      entries = undefined;
    },
  };
}
