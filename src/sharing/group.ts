/**
 * Cells that live in one upstream: hands its answers to them, and lets it linger and end when nobody watches any.
 * Owns the tie between cells and their home; what a refusal means for the cells is its opener's business.
 */
import type { StatisticsError } from '../model/errors.js';
import type { Refusal, Source, SourceHandle } from '../upstream/source.js';
import type { Cell } from './cell.js';
import type { Pool } from './pool.js';

export interface GroupDeps {
  readonly source: Source;
  readonly pool: Pool;
}

export interface GroupHooks {
  /** The first answer: the server has accepted the definitions. */
  accepted(): void;
  /** As {@link SourceHooks.refused}; where it ends the group, its cells have no home any more. */
  refused(error: StatisticsError, why: Refusal, failures: number): boolean;
  /** No answer has ever held this cell; it is in the group no more. */
  missing(cell: Cell): void;
  /** Nobody needs the group any more, so it has ended; its cells are unwatched. */
  ended(): void;
}

/** Opens an upstream for `cells`, all of which are watched and without a home. */
export function openGroup({ source, pool }: GroupDeps, cells: readonly Cell[], hooks: GroupHooks, failures: number): SourceHandle {
  let accepted = false;
  const share = pool.add(cells.length, () => {
    handle.close();
    hooks.ended();
  });
  for (const cell of cells) {
    cell.home = share;
    share.use();
  }

  function leaveHome(): void {
    share.drop();
    for (const cell of cells) {
      if (cell.home === share) {
        cell.home = undefined;
      }
    }
  }

  const handle = source(
    cells.map(({ definition }) => definition),
    {
      answer(values, origin) {
        if (!accepted) {
          accepted = true;
          hooks.accepted();
        }
        let changed = 0;
        values.forEach((value, index) => {
          const cell = cells[index];
          if (value !== undefined && cell?.home === share && cell.offer(value, origin)) {
            changed++;
          }
        });
        return changed;
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
        if (why !== 'struck') {
          leaveHome();
        }
        const over = hooks.refused(error, why, failed);
        if (over) {
          leaveHome();
        }
        return over;
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
    close() {
      leaveHome();
      handle.close();
    },
    refresh: handle.refresh,
  };
}
