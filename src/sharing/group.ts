/**
 * Cells that live in one upstream: hands its answers to them, and lets it linger and end when nobody watches any.
 * Owns the tie between cells and their home, and moving in; what a refusal means is its opener's business.
 */
import type { StatisticsError } from '../model/errors.js';
import type { Refusal, Source, SourceHandle } from '../upstream/source.js';
import type { Cell } from './cell.js';
import type { Pool } from './pool.js';

export interface GroupDeps {
  readonly source: Source;
  readonly pool: Pool;
}

/** An upstream of cells, for whoever merges, refreshes and closes them. */
export interface Group extends SourceHandle {
  /** The watched cells at home here. */
  members(): readonly Cell[];
  /** Whether the server has accepted it, so that its cells live. */
  readonly accepted: boolean;
  /** Whether cells of other upstreams are on their way into it. */
  readonly awaited: boolean;
}

export interface GroupHooks {
  /** The first answer: the server has accepted the definitions. `from`: how many upstreams some of the cells came from. */
  accepted(from: number): void;
  /** Whether to end a group that fails again and again for no reason told, rather than have it tried on. */
  endsStruck(error: StatisticsError): boolean;
  /** The group has ended; the cells that were at home in it have no home any more. */
  refused(error: StatisticsError, why: Refusal, failures: number): void;
  /** No answer has ever held this cell; it is in the group no more. */
  missing(cell: Cell): void;
  /** Nobody needs the group any more, so it has ended; these, unwatched, were at home in it. */
  ended(cells: readonly Cell[]): void;
}

/**
 * Opens an upstream for `cells`. Those without a home are at home in it at once; those that live elsewhere move in with
 * the first answer, so that none is ever without an upstream, and what they leave empty ends.
 */
export function openGroup({ source, pool }: GroupDeps, cells: readonly Cell[], hooks: GroupHooks, failures: number): Group {
  let accepted = false;
  const share = pool.add(cells.length, () => {
    const left = leaveHome();
    handle.close();
    hooks.ended(left);
  });
  // Held open until the movers are in, should all newcomers leave before.
  share.use();
  for (const cell of cells) {
    if (cell.home === undefined) {
      moveIn(cell);
    }
  }
  const movers = cells.filter((cell) => cell.home !== share);
  if (movers.length === 0) {
    share.release();
  }

  function moveIn(cell: Cell): void {
    const before = cell.home;
    cell.home = share;
    if (cell.watched) {
      share.use();
      before?.release('at once');
    }
  }

  function accept(): void {
    accepted = true;
    // One without a home by now was refused or given up elsewhere.
    const moving = movers.filter(({ home }) => home !== undefined);
    const from = new Set(moving.map(({ home }) => home)).size;
    moving.forEach(moveIn);
    if (movers.length > 0) {
      share.release();
    }
    hooks.accepted(from);
  }

  function leaveHome(): readonly Cell[] {
    share.drop();
    const left = cells.filter((cell) => cell.home === share);
    left.forEach((cell) => (cell.home = undefined));
    return left;
  }

  const handle = source(
    cells.map(({ definition }) => definition),
    {
      answer(answer) {
        const { values, changed } = answer;
        const first = !accepted;
        if (first) {
          accept();
        }
        let news = 0;
        const offer = (index: number): void => {
          const cell = cells[index];
          const value = values[index];
          if (value !== undefined && cell?.home === share && cell.offer(value, answer)) {
            news++;
          }
        };
        if (changed === undefined) {
          values.forEach((_, index) => offer(index));
        } else {
          const differing = new Set(changed);
          changed.forEach(offer);
          cells.forEach((cell, index) => cell.attentive && !differing.has(index) && offer(index));
        }
        return news;
      },
      missing(indices) {
        for (const index of indices) {
          const cell = cells[index];
          if (cell?.home === share) {
            const used = cell.watched;
            cell.home = undefined;
            hooks.missing(cell);
            if (used) {
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
        for (const cell of cells) {
          if (cell.home === share) {
            cell.stale(error);
          }
        }
      },
    },
    failures,
  );
  return {
    members: () => cells.filter((cell) => cell.home === share && cell.watched),
    get accepted() {
      return accepted;
    },
    get awaited() {
      return !accepted && movers.length > 0;
    },
    close() {
      leaveHome();
      handle.close();
    },
    refresh: handle.refresh,
  };
}
