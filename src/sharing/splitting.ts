/**
 * Opens newcomers together. If the server refuses them, a binary search finds the definition at fault, so that only tenants that
 * hold it fail (G8). Owns such a search from its first opening to its end. Knows nothing of windows.
 *
 * Until the server accepts a piece, pieces are tried one after the other: with a wrong key or a server that is down, all would
 * fail, and each would cost a request. As soon as one piece is accepted, all others are opened at once.
 */
import { Subscription } from 'rxjs';
import { describe, requestOf, type Definition } from '../model/definition.js';
import { StatisticRejectedError, type StatisticsError } from '../model/errors.js';
import type { StatisticValue } from '../model/statistic.js';
import { isServerRefusal } from '../upstream/recovery/verdict.js';
import type { Attempts, Refusal } from '../upstream/source.js';
import type { Monitor } from '../upstream/telemetry/monitor.js';
import type { Cell } from './cell.js';
import { Group, type GroupDeps } from './group.js';
import { countDefinitions } from './packing.js';
import type { Observer, Tenant } from './tenant.js';

/** If this number of definitions fails alone, and nothing was accepted, the definitions are not the cause. */
const loneRefusalsToGiveUp = 4;

export interface SplittingDeps extends GroupDeps {
  readonly monitor: Pick<Monitor, 'emit'>;
  /** Forgets a tenant, so that new observers get another one. Called before its observers are notified. */
  forget(tenant: Tenant): void;
  /** Remembers a definition that the server refused, so that it is opened alone from now on. */
  suspect(definition: Definition, error: StatisticsError): void;
  /** Limits upstreams to this number of definitions, because the answer for more was too large. */
  limitTo(size: number): void;
  /** Registers an opened group for compaction, `refresh()` and `close()`. */
  opened(group: Group): void;
  closed(group: Group): void;
  /** The server has accepted a group, into which tenants of `from` other groups have moved. */
  accepted(group: Group, from: number): void;
  /** Returns the cell of a definition, and creates it if there is none. */
  cell(definition: Definition): Cell;
  /** From a set to the function that ends the search among its members. Called when nobody observes the set any more. */
  readonly probing: Map<Tenant, () => void>;
}

/** Opens tenants in one upstream, or in as many as are needed to find out which of them the server refuses. */
export function openSplitting(deps: SplittingDeps, tenants: readonly Tenant[], before?: Attempts): void {
  const search = createSearch(deps, before);
  search.add(tenants);
  search.next();
}

/** One search. Call `add` with a piece, or `divide` with a refused one, and then `next`. */
function createSearch(deps: SplittingDeps, before: Attempts = { failures: 0, since: deps.clock.monotonic() }) {
  const { since } = before;
  const pieces: (readonly Tenant[])[] = [];
  /** Tenants that failed alone, without a stated reason, while nothing was accepted. The server may be at fault. */
  const suspended: Tenant[] = [];
  /** Sets that were refused alone, and whose members are now opened one by one. */
  const probed = new Set<Tenant>();
  let { failures } = before;
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
    // The server works, so each suspended tenant is opened alone and tried for as long as somebody observes it.
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
          // A group that was accepted before, was lost and is now refused needs a search of its own: nothing is known about its parts.
          const search = isOver ? createSearch(deps, { failures: failed, since: deps.clock.monotonic() }) : { divide, next };
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
          // All other pieces wait for this group to be accepted, and have had no upstream for as long, so they are stale too.
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
      { failures, since },
    );
    deps.opened(group);
  }

  /** Whether a piece that keeps failing without a stated reason is divided or judged. Otherwise the same piece is tried again. */
  function isDivided(piece: readonly Tenant[], error: StatisticsError): boolean {
    const isSearching = pieces.length > 0 || suspended.length > 0;
    return piece.length > 1 || isServerRefusal(error) || (isSearching && !accepted);
  }

  /** @param opened - the number of definitions that were refused. Tenants that needed some of them may have left. */
  function divide(piece: readonly Tenant[], opened: number, error: StatisticsError, why: Refusal): void {
    const alive = observedOf(piece);
    const homeless = alive.filter(({ home }) => home === undefined);
    if (homeless.length < alive.length) {
      // Tenants of other groups stay where they live; the newcomers are tried without them.
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
    // `next` takes the last piece first.
    pieces.push(...[alive.slice(half), alive.slice(0, half)].filter(({ length }) => length > 0));
  }

  /** Handles a tenant that is refused alone, or keeps failing alone. */
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
   * A set cannot be divided, because its members have to be answered together. So each member is opened as a single statistic.
   * If one is rejected, so is the set. If all are answered, the server refuses only their combination, and the set is rejected.
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
        // Only the next answer of a subscription counts. A remembered value, or one from a peek, proves nothing.
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

  /** Rejects every tenant of the search that holds the definition. */
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

  /** The server is at fault, so everything is tried together again. The backoff keeps growing. */
  function restart(rest: readonly Tenant[]): void {
    const together = observedOf([...suspended.splice(0), ...rest]);
    if (together.length > 0) {
      openSplitting(deps, together, { failures, since });
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

/** Ends the observers of these tenants with the same error. */
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
