/**
 * `statistic$`: one cell per definition, and those asked for within a window opened together (G2). Owns the cells by
 * their keys and the window; finding the bad among them is split's, keeping them live a group's.
 */
import { LRUCache } from 'lru-cache';
import type { Definition } from '../model/definition.js';
import type { Clock } from '../time/clock.js';
import type { SourceHandle } from '../upstream/source.js';
import type { Monitor } from '../upstream/monitor.js';
import { Cell, type Watcher } from './cell.js';
import type { GroupDeps } from './group.js';
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

export function createBatch(deps: GroupDeps & { readonly clock: Clock; readonly monitor: Monitor }, options: BatchOptions): Batch {
  const { clock } = deps;
  const cells = new Map<string, Cell>();
  const newcomers = new Set<Cell>();
  const handles = new Set<SourceHandle>();
  const blamed = new LRUCache<string, true>({ max: maxBlamed });
  let limit = options.size;

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
    opened: (handle) => handles.add(handle),
    closed: (handle) => handles.delete(handle),
  };

  function gather(cell: Cell): void {
    newcomers.add(cell);
    if (newcomers.size === 1) {
      clock.after(options.window, openNewcomers);
    }
  }

  function openNewcomers(): void {
    const together: Cell[] = [];
    for (const cell of newcomers) {
      if (!cell.watched) {
        split.forget(cell);
      } else if (blamed.has(cell.definition.key)) {
        openSplitting(split, [cell]);
      } else {
        together.push(cell);
      }
    }
    newcomers.clear();
    for (let start = 0; start < together.length; start += limit) {
      openSplitting(split, together.slice(start, start + limit));
    }
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
        }
      };
    },
    refresh() {
      handles.forEach((handle) => handle.refresh());
    },
    close() {
      const all = [...cells.values()];
      cells.clear();
      handles.forEach((handle) => handle.close());
      handles.clear();
      all.forEach((cell) => cell.complete());
    },
  };
}
