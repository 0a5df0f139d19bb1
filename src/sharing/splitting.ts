/**
 * Opens newcomers together and, where the server refuses them, finds the definition at fault by halves, so that only the
 * tenants that hold it fail and all others live (G8). Owns such a search from its first opening to its end. Knows nothing
 * of windows.
 *
 * Until anything is accepted, pieces are tried one after the other: a wrong key refuses everything, and a server that is
 * down must not see more requests for it. As soon as one piece is accepted, the others go at once.
 */
import { Subscription } from 'rxjs';
import { describe, requestOf, type Definition } from '../model/definition.js';
import { StatisticRejectedError, type StatisticsError } from '../model/errors.js';
import type { StatisticValue } from '../model/statistic.js';
import { isServerRefusal } from '../upstream/recovery/verdict.js';
import type { Refusal } from '../upstream/source.js';
import type { Monitor } from '../upstream/telemetry/monitor.js';
import type { Cell } from './cell.js';
import { Group, type GroupDeps } from './group.js';
import { countDefinitions } from './packing.js';
import type { Observer, Tenant } from './tenant.js';

/** After this many definitions refused alone, with nothing accepted, the definitions are not the reason. */
const loneRefusalsToGiveUp = 4;

export interface SplittingDeps extends GroupDeps {
  readonly monitor: Pick<Monitor, 'emit'>;
  /** A tenant is not to be given out any more; called before its observers are notified. */
  forget(tenant: Tenant): void;
  /** The server refuses this definition: it is opened alone from now on. */
  suspect(definition: Definition, error: StatisticsError): void;
  /** The server takes no more than this many. */
  limitTo(size: number): void;
  /** A group has been opened; it is to be compacted, refreshed, and closed with the client. */
  opened(group: Group): void;
  closed(group: Group): void;
  /** The server has accepted a group, into which tenants of `from` other groups have moved. */
  accepted(group: Group, from: number): void;
  /** The cell of a definition, new where there is none. */
  cell(definition: Definition): Cell;
  /** What ends the search among the members of a set, by the set: called when nobody observes it any more. */
  readonly probing: Map<Tenant, () => void>;
}

/** Opens tenants in one upstream, or in as many as it takes to find out which of them the server refuses. */
export function openSplitting(deps: SplittingDeps, tenants: readonly Tenant[], failures = 0): void {
  const search = createSearch(deps, failures);
  search.add(tenants);
  search.next();
}

/** One search: `add` a piece, or `divide` one that is refused, then `next`. */
function createSearch(deps: SplittingDeps, failedBefore: number) {
  const pieces: (readonly Tenant[])[] = [];
  /** Alone, and failing for no stated reason, with nothing accepted so far: perhaps the server's fault. */
  const suspended: Tenant[] = [];
  /** Sets refused alone, while their members are asked for. */
  const probed = new Set<Tenant>();
  let failures = failedBefore;
  let accepted = false;
  let trying = false;
  let loneRefusals = 0;

  function next(): void {
    while (pieces.length > 0 && (accepted || !trying)) {
      const piece = observedOf(pieces.pop() ?? []);
      if (piece.length > 0) {
        trying = true;
        open(piece);
      }
    }
    if (!trying && !accepted && suspended.length > 0) {
      restart([]);
    }
  }

  function succeed(): void {
    accepted = true;
    // Whatever else fails from now on fails alone: it is opened, and tried for as long as somebody observes it.
    pieces.push(...suspended.splice(0).map((tenant) => [tenant]));
    next();
  }

  function open(piece: readonly Tenant[]): void {
    let isOver = false;
    const settle = (): void => {
      isOver = true;
      trying = false;
    };
    const group = new Group(
      deps,
      piece,
      {
        accepted(from) {
          settle();
          deps.accepted(group, from);
          succeed();
        },
        endsFailing: (error) => isDivided(piece, error),
        refused(tenants, error, why, failed) {
          deps.closed(group);
          // A group that lived, was lost and is refused now starts another search: nothing is known of its parts.
          const search = isOver ? createSearch(deps, failed) : { divide, next };
          if (!isOver) {
            settle();
            failures = failed;
          }
          search.divide(tenants, group.opened, error, why);
          search.next();
        },
        missing: (definition, tenants, error) =>
          reject(deps, tenants, error === undefined ? notReturned(definition) : refused(definition, error)),
        stale(error) {
          // Those that wait for this group to be accepted have been without an upstream for as long.
          if (!isOver) {
            [...pieces.flat(), ...suspended, ...probed].forEach((tenant) => tenant.home === undefined && tenant.stale(error));
          }
        },
        lagging: (definitions, error) => deps.monitor.emit({ type: 'stale', definitions: definitions.map(requestOf), error }),
        dismissed: (tenants) => tenants.forEach(deps.forget),
        ended() {
          deps.closed(group);
          if (!isOver) {
            settle();
            next();
          }
        },
      },
      failures,
    );
    deps.opened(group);
  }

  /** Whether a piece that keeps failing for no stated reason is divided or judged, instead of being tried on as it is. */
  function isDivided(piece: readonly Tenant[], error: StatisticsError): boolean {
    const isSearching = pieces.length > 0 || suspended.length > 0;
    return piece.length > 1 || isServerRefusal(error) || (isSearching && !accepted);
  }

  /** @param opened - how many definitions were refused; some of the tenants that needed them may have left. */
  function divide(piece: readonly Tenant[], opened: number, error: StatisticsError, why: Refusal): void {
    const alive = observedOf(piece);
    const homeless = alive.filter(({ home }) => home === undefined);
    if (homeless.length < alive.length) {
      // Those that live elsewhere stay there; the newcomers are tried without them.
      pieces.push(homeless);
      return;
    }
    const [alone] = alive;
    if (alone === undefined) {
      return;
    }
    const statistics = countDefinitions(alive);
    if (alive.length === 1 && statistics === opened) {
      judge(alone, error, why);
      return;
    }
    if (why === 'too-large') {
      deps.limitTo(Math.max(1, Math.floor(opened / 2)));
    }
    if (alive.length > 1) {
      deps.monitor.emit({ type: 'split', statistics, error });
    }
    const half = Math.ceil(alive.length / 2);
    // The last piece is tried first.
    pieces.push(...[alive.slice(half), alive.slice(0, half)].filter(({ length }) => length > 0));
  }

  /** A tenant alone is refused, or keeps failing. */
  function judge(alone: Tenant, error: StatisticsError, why: Refusal): void {
    if (why === 'keepsFailing' && !isServerRefusal(error)) {
      suspended.push(alone);
      countLone(error, false);
    } else if (alone.definitions.length > 1) {
      judgeSet(alone, error, why);
    } else {
      alone.definitions.forEach((definition) => blame(definition, error, [alone]));
    }
  }

  /**
   * A set cannot be divided, since its members have to be answered together. So each member is asked for by itself, to find
   * the culprit: when one is rejected, so is the set; when all have been answered, the server refuses their combination.
   */
  function judgeSet(set: Tenant, error: StatisticsError, why: Refusal): void {
    if (why === 'too-large') {
      rejectWhole(set, error);
      return;
    }
    const cells = set.definitions.map((definition) => deps.cell(definition));
    const newcomers = cells.filter(({ home, observed }) => home === undefined && !observed);
    const unanswered = new Set(cells);
    const members = new Subscription();
    probed.add(set);
    deps.probing.set(set, () => {
      probed.delete(set);
      deps.probing.delete(set);
      members.unsubscribe();
    });
    for (const cell of cells) {
      let isJoining = true;
      const observer: Observer<StatisticValue> = {
        tenant: undefined,
        // Only the next answer counts, not a value that is remembered or comes from a peek.
        wantsUnchanged: true,
        interval: undefined,
        value() {
          if (!isJoining && cell.home !== undefined && unanswered.delete(cell) && unanswered.size === 0) {
            rejectWhole(set, error);
          }
        },
        state({ state }) {
          if (state.status === 'stale') {
            set.stale(state.error);
          }
        },
        fail(failure) {
          if (failure instanceof StatisticRejectedError) {
            reject(deps, [set], failure);
          }
        },
        complete: () => undefined,
        unsubscribe: () => observer.tenant?.leave(observer),
      };
      members.add(observer);
      cell.join(observer);
      isJoining = false;
    }
    pieces.push(newcomers);
  }

  /** Every tenant of the search that holds the definition fails. */
  function blame(definition: Definition, error: StatisticsError, alone: readonly Tenant[]): void {
    deps.suspect(definition, error);
    const searched = new Set([...alone, ...pieces.flat(), ...suspended, ...probed]);
    const holders = [...searched].filter(({ home, definitions }) => home === undefined && definitions.some(({ key }) => key === definition.key));
    reject(deps, holders, refused(definition, error));
    countLone(error, true);
  }

  function countLone(error: StatisticsError, isRefused: boolean): void {
    loneRefusals++;
    if (accepted || loneRefusals < loneRefusalsToGiveUp) {
      return;
    }
    const rest = observedOf(pieces.splice(0).flat());
    if (isRefused) {
      rest.forEach((tenant) => tenant.definitions.slice(0, 1).forEach((first) => reject(deps, [tenant], refused(first, error))));
    } else {
      restart(rest);
    }
  }

  /** It is the server: everything is tried together again, with the backoff that has grown. */
  function restart(rest: readonly Tenant[]): void {
    const together = observedOf([...suspended.splice(0), ...rest]);
    if (together.length > 0) {
      openSplitting(deps, together, failures);
    }
  }

  function rejectWhole(set: Tenant, cause: StatisticsError): void {
    const message = `${set.definitions.map(describe).join(', ')} are refused together: ${cause.message}`;
    reject(deps, [set], new StatisticRejectedError(message, set.definitions.map(requestOf), { cause }));
  }

  function observedOf(some: readonly Tenant[]): Tenant[] {
    return some.filter((tenant) => {
      if (!tenant.observed && tenant.home === undefined) {
        deps.forget(tenant);
      }
      return tenant.observed;
    });
  }

  return { add: (piece: readonly Tenant[]) => pieces.push(piece), divide, next };
}

/** Ends tenants, each with the same error. */
function reject(deps: SplittingDeps, tenants: readonly Tenant[], error: StatisticRejectedError): void {
  if (tenants.length > 0) {
    tenants.forEach((tenant) => deps.probing.get(tenant)?.());
    tenants.forEach(deps.forget);
    deps.monitor.emit({ type: 'rejected', definitions: error.definitions, error });
    tenants.forEach((tenant) => tenant.fail(error));
  }
}

function refused(definition: Definition, cause: StatisticsError): StatisticRejectedError {
  return new StatisticRejectedError(`${describe(definition)} is refused: ${cause.message}`, [requestOf(definition)], { cause });
}

function notReturned(definition: Definition): StatisticRejectedError {
  return new StatisticRejectedError(`${describe(definition)} is not returned by the server`, [requestOf(definition)]);
}
