/**
 * Merges the tenants of small groups into fewer upstreams, make before break (G2): when newcomers are opened, and once nothing
 * has been opened for a while. Otherwise a page that was built slowly would poll many small upstreams for ever. Owns the time of
 * a merge, and which groups are moving into another. compaction-plan chooses the groups; the caller opens the new upstream.
 */
import type { Cancel, Clock } from '../time/clock.js';
import type { TokenBucket } from '../time/token-bucket.js';
import { absorbed, repacked } from './compaction-plan.js';
import type { Group } from './group.js';
import { pack } from './packing.js';
import type { Tenant } from './tenant.js';

export interface CompactionDeps {
  readonly clock: Clock;
  /** Limits how often groups move: each move opens an upstream. */
  readonly opens: TokenBucket;
  /** All groups that are open or being opened. */
  readonly groups: ReadonlySet<Group>;
  /** The most definitions in one upstream. */
  limit(): number;
  /** Whether a tenant has to stay alone, because the server has refused one of its definitions before. */
  isSuspect(tenant: Tenant): boolean;
  /** Opens these tenants together. */
  open(tenants: readonly Tenant[]): void;
}

export interface Compaction {
  /** Chooses the groups that this number of new definitions absorbs. They count as moving from now on. Returns their tenants. */
  absorb(newcomers: number): readonly Tenant[];
  /** Notifies that the server accepted a group. `moved`: tenants of other groups moved into it. */
  accepted(moved: boolean): void;
  /** Notifies that a group has ended, perhaps before the tenants of other groups could move into it. */
  ended(group: Group): void;
  /** Notifies that a tenant is observed again, so there may be more to merge. */
  wake(): void;
  /** Notifies that a tenant is no longer observed, so there may be nothing left to merge. */
  reconsider(): void;
  close(): void;
}

/** Groups are merged after this number of milliseconds without a new group. */
const quietTime = 2000;
/** Milliseconds: the longest time for which a steady trickle of new groups delays the merge. */
const longestWait = 10_000;
/** Each failed move doubles the wait before the next one, at most this number of times. */
const mostDoublings = 5;

export function createCompaction({ clock, opens, groups, limit, isSuspect, open }: CompactionDeps): Compaction {
  /** Groups whose tenants are moving into another group. */
  const emptying = new Set<Group>();
  /** Consecutive moves that failed. */
  let failures = 0;
  let cancel: Cancel | undefined;
  /** Monotonic time since which there have been groups to merge. */
  let apartSince: number | undefined;

  const needed = (some: readonly Group[]): number => pack(some.flatMap((group) => group.members()), limit()).length;

  /** Whether there is surely nothing to merge. Cheap, because it runs whenever an observer leaves; {@link tidyUp} checks exactly. */
  const isTidy = (): boolean => emptying.size === 0 && repacked([...groups], () => 1).length === 0;

  function mergeable(): Group[] {
    return [...groups].filter(
      (group) => group.accepted && !emptying.has(group) && group.observed < limit() && !group.members().some(isSuspect),
    );
  }

  /** Starts the quiet time again. */
  function begin(): void {
    cancel?.();
    cancel = undefined;
    if (isTidy()) {
      apartSince = undefined;
      return;
    }
    const now = clock.monotonic();
    apartSince ??= now;
    const timeLeft = failures === 0 ? Math.max(0, apartSince + longestWait - now) : Number.POSITIVE_INFINITY;
    cancel = clock.after(Math.min(quietTime * 2 ** Math.min(failures, mostDoublings), timeLeft), tidyUp);
  }

  function wake(): void {
    if (cancel === undefined) {
      begin();
    }
  }

  function stop(): void {
    cancel?.();
    cancel = apartSince = undefined;
  }

  function reconsider(): void {
    if (groups.size > 0) {
      wake();
    } else {
      stop();
    }
  }

  function tidyUp(): void {
    cancel = apartSince = undefined;
    if ([...groups].some(({ expectsMovers }) => expectsMovers)) {
      begin();
      return;
    }
    // No group awaits movers now, so a group that is still marked as emptying has failed to move. It may try again with the others.
    emptying.clear();
    const apart = repacked(mergeable(), needed);
    if (apart.length > 0) {
      if (opens.tryTake()) {
        open(depart(apart));
      } else {
        begin();
      }
    }
  }

  function depart(some: readonly Group[]): readonly Tenant[] {
    some.forEach((group) => emptying.add(group));
    return some.flatMap((group) => group.members());
  }

  return {
    absorb: (newcomers) => depart(absorbed(newcomers, mergeable(), limit())),
    accepted(moved) {
      failures = moved ? 0 : failures;
      begin();
    },
    ended(group) {
      emptying.delete(group);
      if (group.expectsMovers) {
        failures++;
      }
      // Without this, groups that could not move into the ended group would never be merged.
      reconsider();
    },
    wake,
    reconsider,
    close: stop,
  };
}
