/**
 * `statistic$`: one cell per definition, and those asked for within a window opened together (G2). Owns the cells by their
 * keys, the window, and how often it may open; putting together what arrived apart is quiet's business, finding the bad
 * among them split's, keeping them live a group's.
 */
import { LRUCache } from 'lru-cache';
import { StatisticsApiError } from '../model/errors.js';
import type { Definition } from '../model/definition.js';
import type { Reading } from '../model/reading.js';
import { createTokenBucket } from '../time/token-bucket.js';
import type { Cancel } from '../time/clock.js';
import type { Monitor } from '../upstream/telemetry/monitor.js';
import { Cell, type Keeper, type Watcher } from './cell.js';
import type { Group, GroupDeps } from './group.js';
import { absorbed } from './compaction-plan.js';
import { createQuiet } from './compaction.js';
import { openSplitting, type SplitDeps } from './split.js';

export interface BatchOptions {
  /** Milliseconds in which newcomers are gathered. */
  readonly window: number;
  /** The most statistics in one upstream. */
  readonly size: number;
}

export interface BatchDeps extends GroupDeps {
  readonly monitor: Monitor;
  /** Takes in a cell whose statistic is live elsewhere; tells whether it is. */
  admit(cell: Cell): boolean;
  /** The values of configured statistics now, without a subscription; in their order, `undefined` where the server gives none. */
  peek(definitions: readonly Definition[], signal: AbortSignal): Promise<readonly (Reading | undefined)[]>;
}

export interface Batch {
  /** Watches a statistic; the watcher is told the present at once, and stops by its own `unsubscribe`. */
  join(definition: Definition, watcher: Watcher): void;
  /** These live where they are not wanted any more, or nowhere. */
  rehouse(cells: readonly Cell[]): void;
  refresh(): void;
  /** Completes every watcher and closes every upstream. */
  close(): void;
}

/** Refusals are remembered so that one bad definition does not cost its neighbours a search each time; not for ever. */
const maxBlamed = 10_000;

/**
 * However a page churns, statistics are opened for newcomers, and moved for merging, so many times at once and then once
 * in so many milliseconds: ten, and thirty a minute. Newcomers beyond that are peeked at, and opened with the next.
 */
const opensAtOnce = 10;
const millisecondsPerOpen = 2000;

/** Milliseconds for which a server that refuses to be peeked at is not asked again. */
const peekAgainAfter = 60_000;

export function createBatch(deps: BatchDeps, options: BatchOptions): Batch {
  const { clock, monitor } = deps;
  const cells = new Map<string, Cell>();
  /** Those that wait to be opened; of them, those of the present window. */
  const newcomers = new Set<Cell>();
  let gathered: Cell[] = [];
  const groups = new Set<Group>();
  /** Groups that cells of others are on their way into. */
  const entered = new Set<Group>();
  const blamed = new LRUCache<string, true>({ max: maxBlamed });
  const allowance = createTokenBucket(clock, opensAtOnce, millisecondsPerOpen);
  const closing = new AbortController();
  let limit = options.size;
  let peekFrom = 0;
  let cancelWindow: Cancel | undefined;
  let cancelTurn: Cancel | undefined;

  const keeper: Keeper = {
    unwatched(cell) {
      cell.home?.leave(cell, false);
      if (cell.home === undefined) {
        turnAway(cell);
      }
      entered.forEach((group) => (group.awaited ? group.giveUpUnwatched() : entered.delete(group)));
      quiet.reconsider();
    },
  };

  const split: SplitDeps = {
    ...deps,
    forget(cell) {
      if (cells.get(cell.definition.key) === cell) {
        cells.delete(cell.definition.key);
      }
      quiet.forget(cell);
    },
    blame: ({ definition }) => blamed.set(definition.key, true),
    limitTo(size) {
      limit = Math.min(limit, size);
    },
    opened(group) {
      groups.add(group);
      if (group.awaited) {
        entered.add(group);
      }
    },
    closed(group) {
      groups.delete(group);
      entered.delete(group);
      quiet.ended(group);
    },
    accepted(statistics, from) {
      if (from > 0) {
        quiet.moved();
        monitor.emit({ type: 'merged', upstreams: from, statistics });
      }
      quiet.begin();
    },
  };

  const isBlamed = ({ definition }: Cell): boolean => blamed.size > 0 && blamed.has(definition.key);

  const quiet = createQuiet({ clock, allowance, groups, limit: () => limit, isBlamed, open: openWith });

  /** Opens cells that have no home together with those of some groups, which move: make before break. */
  function openWith(newcomers: readonly Cell[], from: readonly Group[]): void {
    const movers = from.flatMap((group) => group.members());
    quiet.left(from);
    const together = [...newcomers, ...movers];
    for (let start = 0; start < together.length; start += limit) {
      openSplitting(split, together.slice(start, start + limit));
    }
  }

  // -- newcomers ---------------------------------------------------------------------------------------------------

  function gather(cell: Cell): void {
    newcomers.add(cell);
    gathered.push(cell);
    cancelWindow ??= clock.after(options.window, closeWindow);
    if (newcomers.size === limit) {
      // Nothing is gained by waiting for more.
      cancelWindow();
      cancelWindow = clock.after(0, closeWindow);
    }
  }

  /** A newcomer whose last watcher has gone before it was opened is not opened at all. */
  function turnAway(cell: Cell): void {
    newcomers.delete(cell);
    split.forget(cell);
    if (newcomers.size === 0) {
      gathered = [];
      cancelWindow?.();
      cancelTurn?.();
      cancelWindow = cancelTurn = undefined;
    }
  }

  function closeWindow(): void {
    cancelWindow = undefined;
    const late = gathered.filter((cell) => newcomers.has(cell));
    gathered = [];
    // What fills an upstream costs no more now than later.
    if (newcomers.size >= limit || allowance.take()) {
      openNewcomers();
      return;
    }
    cancelTurn ??= clock.after(allowance.wait(), takeTurn);
    // What lives elsewhere is in no hurry; what cannot be peeked at is opened now, disturbing nobody.
    const homeless = late.filter((cell) => cell.home === undefined && !cell.known);
    const isPeekable = ({ definition }: Cell): boolean => definition.name !== undefined && clock.monotonic() >= peekFrom;
    const peekable = homeless.filter(isPeekable);
    openApart(homeless.filter((cell) => !peekable.includes(cell)));
    if (peekable.length > 0) {
      void peekAt(peekable);
    }
  }

  function takeTurn(): void {
    cancelTurn = undefined;
    if (allowance.take()) {
      openNewcomers();
    } else if (newcomers.size > 0) {
      cancelTurn = clock.after(allowance.wait(), takeTurn);
    }
  }

  /** All that wait, and with them what has come so late that it is small. */
  function openNewcomers(): void {
    cancelTurn?.();
    cancelTurn = undefined;
    const all = [...newcomers];
    newcomers.clear();
    all.filter(isBlamed).forEach((cell) => openSplitting(split, [cell]));
    const together = all.filter((cell) => !isBlamed(cell));
    openWith(together, absorbed(together.length, quiet.mergeable(), limit));
  }

  function openApart(some: readonly Cell[]): void {
    some.forEach((cell) => newcomers.delete(cell));
    some.filter(isBlamed).forEach((cell) => openSplitting(split, [cell]));
    openWith(some.filter((cell) => !isBlamed(cell)), []);
  }

  /** Gives newcomers that have to wait for their upstream a first value. */
  async function peekAt(some: readonly Cell[]): Promise<void> {
    try {
      const readings = await deps.peek(some.map(({ definition }) => definition), closing.signal);
      const origin = { session: {}, receivedAt: clock.now(), opening: false, reopened: false };
      monitor.emit({ type: 'peeked', statistics: some.length });
      some.forEach((cell, index) => {
        const reading = readings[index];
        // One that was opened meanwhile knows better.
        if (reading !== undefined && newcomers.has(cell) && !cell.known) {
          cell.offer(reading, origin);
        }
      });
    } catch (error) {
      if (error instanceof StatisticsApiError) {
        peekFrom = clock.monotonic() + peekAgainAfter;
        openApart(some.filter((cell) => newcomers.has(cell)));
      }
      // Otherwise nothing gets through, and an opening would not either: they wait for their turn.
    }
  }

  return {
    join(definition, watcher) {
      const known = cells.get(definition.key);
      const cell = known ?? new Cell(definition, keeper);
      cells.set(definition.key, cell);
      // Also one that is known, and that nobody has watched: where it lives it might be the only one.
      const isAdmitted = !cell.watched && deps.admit(cell);
      if (known === undefined && !isAdmitted) {
        gather(cell);
      }
      const isBack = known !== undefined && !cell.watched;
      cell.join(watcher);
      if (isBack) {
        // Its upstream counts again: perhaps it can be put together with others.
        quiet.wake();
      }
    },
    rehouse(some) {
      some.filter((cell) => cell.watched).forEach(gather);
    },
    refresh() {
      groups.forEach((group) => group.refresh());
    },
    close() {
      const all = [...cells.values()];
      cells.clear();
      closing.abort();
      cancelWindow?.();
      cancelTurn?.();
      quiet.close();
      newcomers.clear();
      groups.forEach((group) => group.close());
      groups.clear();
      all.forEach((cell) => cell.complete());
    },
  };
}
