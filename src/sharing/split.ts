/**
 * Opens newcomers together and, where the server refuses them, finds whose fault it is by halves, so that the bad stand
 * alone and all others live (G8). Owns one such search from its first opening to its end; knows nothing of windows.
 *
 * Until anything is accepted the pieces are tried one after the other: a wrong key refuses everything, and a server that
 * is down must not see more requests for it. As soon as anything is, the others go at once.
 */
import { StatisticRejectedError, StatisticsError } from '../model/errors.js';
import { describe, requestOf } from '../model/definition.js';
import type { Monitor } from '../upstream/telemetry/monitor.js';
import type { Refusal } from '../upstream/source.js';
import { isServerRefusal } from '../upstream/recovery/verdict.js';
import type { Cell } from './cell.js';
import { openGroup, type Group, type GroupDeps } from './group.js';

/** After so many definitions refused alone, with nothing accepted, it is not about the definitions. */
const loneRefusalsToGiveUp = 4;

export interface SplitDeps extends GroupDeps {
  readonly monitor: Monitor;
  /** A cell is not to be given out any more; called before its watchers hear why. */
  forget(cell: Cell): void;
  /** This definition was refused: it is opened alone from now on. */
  blame(cell: Cell): void;
  /** The server takes no more than this many. */
  limitTo(size: number): void;
  /** A group that is to be merged, refreshed, and closed with the client. */
  opened(group: Group): void;
  closed(group: Group): void;
  /** A group of so many statistics was accepted, some of which came from other upstreams. */
  accepted(statistics: number, from: number): void;
}

/** Opens `cells` in one upstream, or in as many as it takes. */
export function openSplitting(deps: SplitDeps, cells: readonly Cell[], failures = 0): void {
  const search = createSearch(deps, failures);
  search.add(cells);
  search.next();
}

/** One search: `add` a piece or `divide` one that is refused, then `next`. */
function createSearch(deps: SplitDeps, failedBefore: number) {
  const pieces: (readonly Cell[])[] = [];
  /** Alone, and failing for no reason told, with nothing accepted so far: perhaps the server's fault. */
  const suspended: Cell[] = [];
  let failures = failedBefore;
  let accepted = false;
  let trying = false;
  let loneRefusals = 0;

  function next(): void {
    while (pieces.length > 0 && (accepted || !trying)) {
      const piece = watchedOf(pieces.pop() ?? []);
      if (piece.length > 0) {
        trying = true;
        open(piece);
      }
    }
    if (!trying && !accepted && suspended.length > 0) {
      restart([]);
    }
  }

  function open(piece: readonly Cell[]): void {
    let over = false;
    const settled = (): void => {
      over = true;
      trying = false;
    };
    const group = openGroup(
      deps,
      piece,
      {
        accepted(from) {
          settled();
          accepted = true;
          deps.accepted(piece.length, from);
          // Whoever else fails now fails alone: it is opened, and tried for as long as somebody wants it.
          pieces.push(...suspended.splice(0).map((cell) => [cell]));
          next();
        },
        endsStruck: (error) => isSplit(piece, error),
        refused(error, why, failed) {
          deps.closed(group);
          // One that lived, was lost, and is refused now starts another search: nothing is known of its pieces.
          const search = over ? createSearch(deps, failed) : { divide, next };
          if (!over) {
            settled();
            failures = failed;
          }
          search.divide(piece, error, why);
          search.next();
        },
        missing: (cell, error) => reject(deps, cell, error === undefined ? notReturned(cell) : refused(cell, error)),
        stale(error) {
          // Those that wait for this one to be accepted have been without an upstream for as long.
          if (!over) {
            [...pieces.flat(), ...suspended].forEach((cell) => cell.home === undefined && cell.stale(error));
          }
        },
        ended(cells) {
          deps.closed(group);
          cells.forEach(deps.forget);
          if (!over) {
            settled();
            next();
          }
        },
      },
      failures,
    );
    deps.opened(group);
  }

  /** Whether a piece that fails for no reason told is to be divided, or judged, rather than tried on as it is. */
  function isSplit(piece: readonly Cell[], error: StatisticsError): boolean {
    const searching = pieces.length > 0 || suspended.length > 0;
    return piece.length > 1 || isServerRefusal(error) || (searching && !accepted);
  }

  function divide(piece: readonly Cell[], error: StatisticsError, why: Refusal): void {
    const alive = watchedOf(piece);
    const [alone] = alive;
    if (alone === undefined) {
      return;
    }
    const homeless = alive.filter(({ home }) => home === undefined);
    if (homeless.length < alive.length) {
      // Those that live elsewhere stay there; the newcomers are tried without them.
      pieces.push(homeless);
      return;
    }
    if (piece.length > 1) {
      if (why === 'too-large') {
        deps.limitTo(Math.max(1, Math.floor(piece.length / 2)));
      }
      if (alive.length > 1) {
        deps.monitor.emit({ type: 'split', statistics: alive.length, error });
      }
      const half = Math.ceil(alive.length / 2);
      // The last is tried first.
      pieces.push(...[alive.slice(half), alive.slice(0, half)].filter(({ length }) => length > 0));
      return;
    }
    loneRefusals++;
    const blamed = why !== 'struck' || isServerRefusal(error);
    if (blamed) {
      deps.blame(alone);
      reject(deps, alone, refused(alone, error));
    } else {
      suspended.push(alone);
    }
    if (!accepted && loneRefusals >= loneRefusalsToGiveUp) {
      const rest = watchedOf(pieces.splice(0).flat());
      if (blamed) {
        rest.forEach((cell) => reject(deps, cell, refused(cell, error)));
      } else {
        restart(rest);
      }
    }
  }

  /** It is the server: everything together again, with the backoff that has grown. */
  function restart(rest: readonly Cell[]): void {
    const together = watchedOf([...suspended.splice(0), ...rest]);
    if (together.length > 0) {
      openSplitting(deps, together, failures);
    }
  }

  function watchedOf(some: readonly Cell[]): Cell[] {
    return some.filter((cell) => {
      if (!cell.watched && cell.home === undefined) {
        deps.forget(cell);
      }
      return cell.watched;
    });
  }

  return { add: (piece: readonly Cell[]) => pieces.push(piece), divide, next };
}

function reject(deps: SplitDeps, cell: Cell, error: StatisticRejectedError): void {
  deps.forget(cell);
  deps.monitor.emit({ type: 'rejected', definitions: error.definitions, error });
  cell.fail(error);
}

function refused({ definition }: Cell, cause: StatisticsError): StatisticRejectedError {
  return new StatisticRejectedError(`${describe(definition)} is refused: ${cause.message}`, [requestOf(definition)], { cause });
}

function notReturned({ definition }: Cell): StatisticRejectedError {
  return new StatisticRejectedError(`${describe(definition)} is not returned by the server`, [requestOf(definition)]);
}
