/**
 * Reading an answer in a browser: bytes equal to the last answer's are the same answer; any others are parsed as a whole.
 * Owns the last answer. Comparing each statistic, as Node does, pays too rarely in a page for the code it takes
 * (docs/performance.md).
 */
import { areSame } from '#bytes';
import type { Body } from '../../wire/body.js';
import type { Entry } from '../../wire/envelope.js';
import type { Comparer } from './compare.js';

/** @param keep - what to keep of an entry. */
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
