/**
 * Cells that live in one upstream: hands its answers to them, and lets it linger and end when nobody watches any.
 * Owns the tie between cells and their home, and moving in; what a refusal means is its opener's business.
 */
import type { StatisticsError } from '../model/errors.js';
import type { Clock } from '../time/clock.js';
import type { Needs, Refusal, Source, SourceHandle } from '../upstream/source.js';
import type { Cell, Home } from './cell.js';
import { offerTo } from './fan-out.js';
import type { Pool } from './pool.js';

export interface GroupDeps {
  readonly source: Source;
  readonly pool: Pool;
  readonly clock: Clock;
  /** Milliseconds: how often the client polls while values change. */
  readonly interval: number;
  /** Milliseconds: how long a statistic that nobody watches is kept up. */
  readonly linger: number;
}

/** An upstream of cells, for whoever merges, refreshes and closes them. */
export interface Group {
  /** The watched cells at home here. */
  members(): readonly Cell[];
  /** How many they are. */
  readonly watched: number;
  /** How many statistics it was opened with. */
  readonly opened: number;
  /** Whether the server has accepted it, so that its cells live. */
  readonly accepted: boolean;
  /** Whether cells of other upstreams are on their way into it. */
  readonly awaited: boolean;
  /** The cells that it was opened for and that live elsewhere, until it is accepted. */
  readonly movers: readonly Cell[];
  houses(cell: Cell): boolean;
  /** Ends it, if it is still being opened and nobody watches any of its cells, wherever they live. */
  giveUpUnwatched(): void;
  close(): void;
  refresh(): void;
}

export interface GroupHooks {
  /** The first answer: the server has accepted the definitions. `from`: how many upstreams some of the cells came from. */
  accepted(from: number): void;
  /** Whether to end a group that fails again and again for no reason told, rather than have it tried on. */
  endsStruck(error: StatisticsError): boolean;
  /** The group has ended; the cells that were at home in it have no home any more. */
  refused(error: StatisticsError, why: Refusal, failures: number): void;
  /** No answer has ever held this cell; it is in the group no more. `error`: why, where that is known. */
  missing(cell: Cell, error: StatisticsError | undefined): void;
  /** Nothing usable came for so long that its cells are stale. */
  stale(error: StatisticsError | undefined): void;
  /** Nobody needs the group any more, so it has ended; these, unwatched, were at home in it. */
  ended(cells: readonly Cell[]): void;
}

/**
 * Opens an upstream for `cells`. Those without a home are at home in it at once; those that live elsewhere move in with
 * the first answer, so that none is ever without an upstream, and what they leave empty ends.
 */
export function openGroup(deps: GroupDeps, cells: readonly Cell[], hooks: GroupHooks, failures: number): Group {
  const { source, pool, clock, interval, linger } = deps;
  let accepted = false;
  /** How many of the cells at home are watched. */
  let watched = 0;
  /** What those who watch need; made when it is asked for, after it has changed. */
  let needs: Needs | undefined;
  /** Whether no cell at home wants to be offered what is the same as before: found by looking, and true until something changes. */
  let calm = false;
  /** Until then whoever left last may come back and find it as it was. */
  let calmAt = 0;
  /** Since nothing usable comes: whoever is watched again meanwhile is not to wait for a value without a word. */
  let silence: { readonly error: StatisticsError | undefined } | undefined;
  const share = pool.add(cells.length, () => {
    const left = leaveHome();
    handle.close();
    hooks.ended(left);
  });
  const home: Home = {
    enter(cell) {
      watched++;
      needs = undefined;
      calm = false;
      share.use();
      // One that was left out of the polls knows nothing any more.
      if (accepted && !cell.known) {
        handle.refresh();
      }
      if (cell.interval(interval) !== undefined) {
        handle.reconsider();
      }
    },
    leave(_, moved) {
      watched--;
      needs = undefined;
      calmAt = clock.monotonic() + linger;
      share.release(moved ? 'at once' : 'linger');
    },
    reconsider() {
      needs = undefined;
      calm = false;
      handle.reconsider();
    },
  };
  const isAtHome = (cell: Cell): boolean => cell.home === home;

  function moveIn(cell: Cell): void {
    const before = cell.home;
    cell.home = home;
    calm = false;
    if (cell.watched) {
      watched++;
      share.use();
      before?.leave(cell, true);
    }
  }

  function accept(): void {
    accepted = true;
    // One without a home by now was refused or given up elsewhere.
    const moving = movers.filter((cell) => cell.home !== undefined);
    const from = new Set(moving.map((cell) => cell.home)).size;
    moving.forEach(moveIn);
    needs = undefined;
    letGo('linger');
    hooks.accepted(from);
  }

  function leaveHome(): readonly Cell[] {
    share.drop();
    const left = cells.filter(isAtHome);
    left.forEach((cell) => (cell.home = undefined));
    watched = 0;
    return left;
  }

  function needsNow(): Needs {
    let least: number | undefined;
    let indifferent = false;
    for (const cell of cells) {
      if (isAtHome(cell) && cell.watched) {
        const wanted = cell.interval(interval);
        indifferent ||= wanted === undefined;
        least = Math.min(least ?? wanted ?? interval, wanted ?? interval);
      }
    }
    return { indices: undefined, interval: indifferent && least === interval ? undefined : least };
  }

  /** Leaves the cells that nobody watches out of the polls, and so what is remembered of them is not kept up. */
  function narrow(all: Needs): Needs {
    calm = false;
    for (const cell of cells) {
      if (isAtHome(cell) && !cell.watched) {
        cell.forget();
        if (silence !== undefined) {
          cell.stale(silence.error);
        }
      }
    }
    return { ...all, indices: cells.flatMap((cell, index) => (isAtHome(cell) && cell.watched ? [index] : [])) };
  }

  const handle: SourceHandle = source(
    cells.map(({ definition }) => definition),
    {
      answer(answer) {
        silence = undefined;
        if (!accepted) {
          accept();
        }
        const news = offerTo(cells, answer, home, calm);
        // Who was offered all may have passed something over.
        calm = (calm && answer.changed !== undefined) || !cells.some((cell) => isAtHome(cell) && cell.attentive);
        return news;
      },
      needs() {
        needs ??= needsNow();
        if (needs.indices === undefined && watched > 0 && 2 * watched <= cells.length && clock.monotonic() >= calmAt) {
          needs = narrow(needs);
        }
        return needs;
      },
      missing(indices, error) {
        for (const index of indices) {
          const cell = cells[index];
          if (cell !== undefined && isAtHome(cell)) {
            const used = cell.watched;
            cell.home = undefined;
            hooks.missing(cell, error);
            if (used) {
              watched--;
              needs = undefined;
              share.release();
            }
          }
        }
      },
      refused(error, why, failed) {
        if (why === 'struck' && !hooks.endsStruck(error)) {
          return false;
        }
        leaveHome();
        hooks.refused(error, why, failed);
        return true;
      },
      stale(error) {
        silence = { error };
        calm = false;
        cells.forEach((cell) => isAtHome(cell) && cell.stale(error));
        hooks.stale(error);
      },
    },
    failures,
  );
  // Held open until the movers are in, should all newcomers leave before.
  let held = true;
  function letGo(after: 'linger' | 'at once'): void {
    if (held) {
      held = false;
      share.release(after);
    }
  }
  share.use();
  cells.filter((cell) => cell.home === undefined).forEach(moveIn);
  const movers = cells.filter((cell) => !isAtHome(cell));
  if (movers.length === 0) {
    letGo('linger');
  }
  return {
    members: () => cells.filter((cell) => isAtHome(cell) && cell.watched),
    get watched() {
      return watched;
    },
    opened: cells.length,
    get accepted() {
      return accepted;
    },
    get awaited() {
      return !accepted && movers.length > 0;
    },
    movers,
    houses: isAtHome,
    giveUpUnwatched() {
      // Else a server that cannot be reached would be tried for ever, for nobody (G13).
      if (watched === 0 && !movers.some((cell) => cell.watched)) {
        letGo('at once');
      }
    },
    close() {
      leaveHome();
      handle.close();
    },
    refresh: handle.refresh,
  };
}
