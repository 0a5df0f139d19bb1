/**
 * Puts tenants that live apart together, make before break (G2): with newcomers as they are opened, and once nothing has
 * been opened for a while. Owns when, and which groups are on their way into another. The choice is compaction-plan's, the
 * opening its caller's. Without it a page that was built slowly would poll many small upstreams for ever.
 */
import type { Cancel, Clock } from '../time/clock.js';
import type { TokenBucket } from '../time/token-bucket.js';
import { absorbed, repacked } from './compaction-plan.js';
import type { Group } from './group.js';
import { pack } from './packing.js';
import type { Tenant } from './tenant.js';

export interface CompactionDeps {
  readonly clock: Clock;
  /** A move is an opening, and as rare. */
  readonly opens: TokenBucket;
  /** The groups that are open, or being opened. */
  readonly groups: ReadonlySet<Group>;
  /** The most definitions in one upstream. */
  limit(): number;
  /** Whether a tenant has to stay alone, since the server has refused one of its definitions before. */
  isSuspect(tenant: Tenant): boolean;
  /** Opens these tenants together. */
  open(tenants: readonly Tenant[]): void;
}

export interface Compaction {
  /** The tenants of the groups that this many new definitions are to absorb: on their way from now on. */
  absorb(newcomers: number): readonly Tenant[];
  /** A group was accepted. `moved`: with tenants of others. */
  accepted(moved: boolean): void;
  /** A group has ended, perhaps before those on their way into it were in. */
  ended(group: Group): void;
  /** Some tenant is observed again: there may be more to put together. */
  wake(): void;
  /** Some tenant is observed no more: there may be nobody left to do it for. */
  reconsider(): void;
  close(): void;
}

/** Milliseconds without a new group, after which those that are still apart are put together. */
const quietTime = 2000;
/** Milliseconds: a steady trickle of new groups puts it off no longer than this. */
const longestWait = 10_000;
/** A move that failed is tried again after twice the time, and so on, with at most this many doublings. */
const mostDoublings = 5;

export function createCompaction({ clock, opens, groups, limit, isSuspect, open }: CompactionDeps): Compaction {
  /** Groups whose tenants are on their way into another. */
  const leaving = new Set<Group>();
  /** Consecutive moves that failed. */
  let failures = 0;
  let cancel: Cancel | undefined;
  /** Since when groups have been apart. */
  let apartSince: number | undefined;

  const needed = (some: readonly Group[]): number => pack(some.flatMap((group) => group.members()), limit()).length;

  /** Cheap, since it is asked whenever an observer leaves; {@link tidyUp} looks closely. */
  const isTidy = (): boolean => leaving.size === 0 && repacked([...groups], () => 1).length === 0;

  function mergeable(): Group[] {
    return [...groups].filter(
      (group) => group.accepted && !leaving.has(group) && group.observed < limit() && !group.members().some(isSuspect),
    );
  }

  /** The quiet time begins anew. */
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
    if ([...groups].some(({ awaited }) => awaited)) {
      begin();
      return;
    }
    // Nothing is on its way, so a group that is still marked could not move when it should: it may try again with the others.
    leaving.clear();
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
    some.forEach((group) => leaving.add(group));
    return some.flatMap((group) => group.members());
  }

  return {
    absorb: (newcomers) => depart(absorbed(newcomers, mergeable(), limit())),
    accepted(moved) {
      failures = moved ? 0 : failures;
      begin();
    },
    ended(group) {
      leaving.delete(group);
      if (group.awaited) {
        failures++;
      }
      // Those that could not move into it would otherwise stay apart for ever.
      reconsider();
    },
    wake,
    reconsider,
    close: stop,
  };
}
