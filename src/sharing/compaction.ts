/**
 * The quiet time: when nothing has been opened for a while, statistics that live apart are moved together, make before
 * break (G2). Owns when that is, who is on the way, and who could not move; what to put together is merge's to say, and
 * opening is its caller's. Without it a page that was built slowly would poll many small upstreams for ever.
 */
import type { TokenBucket } from '../time/token-bucket.js';
import type { Cancel, Clock } from '../time/clock.js';
import type { Cell } from './cell.js';
import type { Group } from './group.js';
import { absorbed, repacked } from './compaction-plan.js';

export interface QuietDeps {
  readonly clock: Clock;
  /** Moving together is opening, and as rare. */
  readonly allowance: TokenBucket;
  /** The groups that are open, or being opened. */
  readonly groups: ReadonlySet<Group>;
  /** The most statistics in one upstream. */
  limit(): number;
  /** Whether a cell has to stay alone, having been refused before. */
  isBlamed(cell: Cell): boolean;
  /** Opens these cells, and those of the groups, together. */
  open(cells: readonly Cell[], from: readonly Group[]): void;
}

export interface Quiet {
  /** Groups that could be moved: live, not moving already, and not alone for having been refused before. */
  mergeable(): Group[];
  /** The cells of these are on their way into another. */
  left(groups: readonly Group[]): void;
  /** Something was opened: the quiet begins anew. */
  begin(): void;
  /** Cells have moved. */
  moved(): void;
  /** A group has ended, perhaps before those on their way into it were in. */
  ended(group: Group): void;
  /** Somebody is watched again: perhaps there is more to put together. */
  wake(): void;
  /** Somebody is watched no more: perhaps there is nobody to do it for. */
  reconsider(): void;
  /** A cell is not given out any more. */
  forget(cell: Cell): void;
  close(): void;
}

/** Milliseconds without a new group, after which those that are still apart are put together. */
const quietTime = 2000;
/** A move that failed is tried again after twice that, and so on, with so many doublings at most. */
const mostDoublings = 5;

export function createQuiet(deps: QuietDeps): Quiet {
  const { clock, allowance, groups } = deps;
  /** Groups whose cells are on their way into another. */
  const leaving = new Set<Group>();
  /** Those that are not wanted where they live and could not move. */
  const strays = new Set<Cell>();
  /** Moves on end that failed. */
  let failures = 0;
  let cancel: Cancel | undefined;

  const isStray = (cell: Cell): boolean => cell.watched && cell.home !== undefined && ![...groups].some((group) => group.houses(cell));

  const isTidy = (): boolean => repacked([...groups], deps.limit()).length === 0 && leaving.size === 0 && strays.size === 0;

  function mergeable(): Group[] {
    return [...groups].filter((group) => group.accepted && !leaving.has(group) && group.watched < deps.limit() && !group.members().some(deps.isBlamed));
  }

  function begin(): void {
    cancel?.();
    cancel = isTidy() ? undefined : clock.after(quietTime * 2 ** Math.min(failures, mostDoublings), tidyUp);
  }

  function wake(): void {
    if (cancel === undefined) {
      begin();
    }
  }

  function stop(): void {
    cancel?.();
    cancel = undefined;
  }

  function reconsider(): void {
    if (groups.size > 0 || [...strays].some(isStray)) {
      wake();
    } else {
      stop();
    }
  }

  function tidyUp(): void {
    cancel = undefined;
    if ([...groups].some(({ awaited }) => awaited)) {
      begin();
      return;
    }
    // Nothing is on its way, so what is still marked could not move when it should: it may try again with the others.
    leaving.clear();
    const apart = repacked(mergeable(), deps.limit());
    const homesick = [...strays].filter(isStray);
    if (apart.length === 0 && homesick.length === 0) {
      strays.clear();
    } else if (allowance.take()) {
      strays.clear();
      deps.open(homesick, apart.length > 0 ? apart : absorbed(homesick.length, mergeable(), deps.limit()));
    } else {
      begin();
    }
  }

  return {
    mergeable,
    left(some) {
      some.forEach((group) => leaving.add(group));
    },
    begin,
    moved() {
      failures = 0;
    },
    ended(group) {
      leaving.delete(group);
      if (group.awaited) {
        failures++;
        group.movers.filter(isStray).forEach((cell) => strays.add(cell));
      }
      // Those that could not move into it would stay apart for ever.
      reconsider();
    },
    wake,
    reconsider,
    forget: (cell) => strays.delete(cell),
    close: stop,
  };
}
