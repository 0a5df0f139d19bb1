/**
 * `statistic$`: one cell per definition, those asked for within a window opened together, and what arrived apart merged
 * (G2). Owns the cells by their keys, the window and the quiet time; which to merge is merge's to say, finding the bad
 * among them split's, keeping them live a group's.
 */
import { LRUCache } from 'lru-cache';
import type { Definition } from '../model/definition.js';
import type { Cancel, Clock } from '../time/clock.js';
import type { Monitor } from '../upstream/monitor.js';
import { Cell, type Watcher } from './cell.js';
import type { Group, GroupDeps } from './group.js';
import { absorbed, repacked } from './merge.js';
import { openSplitting, type SplitDeps } from './split.js';

export interface BatchOptions {
  /** Milliseconds in which newcomers are gathered. */
  readonly window: number;
  /** The most statistics in one upstream. */
  readonly size: number;
}

export interface Batch {
  /** Watches a statistic; the watcher is told the present at once. Returns how to leave. */
  join(definition: Definition, watcher: Watcher): () => void;
  refresh(): void;
  /** Completes every watcher and closes every upstream. */
  close(): void;
}

/** Refusals are remembered so that one bad definition does not cost its neighbours a search each time; not for ever. */
const maxBlamed = 10_000;

/** Milliseconds without a new group, after which those that are still apart are put together. */
const quietTime = 2000;

export function createBatch(deps: GroupDeps & { readonly clock: Clock; readonly monitor: Monitor }, options: BatchOptions): Batch {
  const { clock } = deps;
  const cells = new Map<string, Cell>();
  const newcomers = new Set<Cell>();
  const groups = new Set<Group>();
  /** Groups whose cells are on their way into another. */
  const leaving = new Set<Group>();
  const blamed = new LRUCache<string, true>({ max: maxBlamed });
  let limit = options.size;
  let cancelWindow: Cancel | undefined;
  let cancelQuiet: Cancel | undefined;

  const split: SplitDeps = {
    ...deps,
    forget(cell) {
      if (cells.get(cell.definition.key) === cell) {
        cells.delete(cell.definition.key);
      }
    },
    blame: ({ definition }) => blamed.set(definition.key, true),
    limitTo(size) {
      limit = Math.min(limit, size);
    },
    opened: (group) => groups.add(group),
    closed(group) {
      groups.delete(group);
      leaving.delete(group);
      if (groups.size < 2) {
        cancelQuiet?.();
      }
    },
    accepted(statistics, from) {
      if (from > 0) {
        deps.monitor.emit({ type: 'merged', upstreams: from, statistics });
      }
      awaitQuiet();
    },
  };

  /** Groups that could be merged: live, not moving already, and not alone for having been refused before. */
  function mergeable(): Group[] {
    return [...groups].filter((group) => {
      const members = group.members();
      return group.accepted && !leaving.has(group) && members.length < limit && !members.some(({ definition }) => blamed.has(definition.key));
    });
  }

  /** Opens cells that have no home together with those of some groups, which move: make before break. */
  function openWith(newcomers: readonly Cell[], from: readonly Group[]): void {
    const movers = from.flatMap((group) => group.members());
    from.forEach((group) => leaving.add(group));
    const together = [...newcomers, ...movers];
    for (let start = 0; start < together.length; start += limit) {
      openSplitting(split, together.slice(start, start + limit));
    }
  }

  function awaitQuiet(): void {
    cancelQuiet?.();
    if (groups.size > 1) {
      cancelQuiet = clock.after(quietTime, mergeApart);
    }
  }

  function mergeApart(): void {
    if ([...groups].some(({ awaited }) => awaited)) {
      awaitQuiet();
      return;
    }
    // Nothing is on its way, so what is still marked could not move when it should: it may try again with the others.
    leaving.clear();
    openWith([], repacked(mergeable(), limit));
  }

  function gather(cell: Cell): void {
    newcomers.add(cell);
    if (newcomers.size === 1) {
      cancelWindow = clock.after(options.window, openNewcomers);
    }
  }

  /** A newcomer whose last watcher has gone before the window closed is not opened at all. */
  function turnAway(cell: Cell): void {
    if (newcomers.delete(cell)) {
      split.forget(cell);
    }
    if (newcomers.size === 0) {
      cancelWindow?.();
    }
  }

  function openNewcomers(): void {
    const together: Cell[] = [];
    for (const cell of newcomers) {
      if (blamed.has(cell.definition.key)) {
        openSplitting(split, [cell]);
      } else {
        together.push(cell);
      }
    }
    newcomers.clear();
    openWith(together, absorbed(together.length, mergeable(), limit));
  }

  return {
    join(definition, watcher) {
      const known = cells.get(definition.key);
      const cell = known ?? new Cell(definition, () => clock.now());
      if (known === undefined) {
        cells.set(definition.key, cell);
        gather(cell);
      }
      if (!cell.watched) {
        cell.home?.use();
      }
      cell.join(watcher);
      return () => {
        if (cell.leave(watcher)) {
          cell.home?.release();
          turnAway(cell);
        }
      };
    },
    refresh() {
      groups.forEach((group) => group.refresh());
    },
    close() {
      const all = [...cells.values()];
      cells.clear();
      cancelWindow?.();
      cancelQuiet?.();
      newcomers.clear();
      groups.forEach((group) => group.close());
      groups.clear();
      all.forEach((cell) => cell.complete());
    },
  };
}
