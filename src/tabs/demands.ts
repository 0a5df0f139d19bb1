/** The demand of every tab, as heard here. A tab is forgotten once it has been silent for a lease. */
import { systemClock as clock } from '../fleet/clock.js';
import type { Demand } from '../fleet/index.js';
import { apply } from './changes.js';

interface Kept extends Demand {
  readonly wishes: Map<string, string>;
  /** Monotonic milliseconds. */
  until: number;
}

export interface Demands {
  /** @param lease - milliseconds; @param whole - whether the changes replace everything demanded before. */
  change(member: string, revision: number, changes: readonly string[], lease: number, whole: boolean): void;
  /** Keeps a demand for another lease; `false` if it is not known at this revision. */
  touch(member: string, revision: number, lease: number): boolean;
  forget(member: string): void;
  /** Its wishes change with later changes. */
  of(member: string): Demand | undefined;
  /** The revision of each tab whose lease lasts. */
  census(): Map<string, number>;
}

export function createDemands(): Demands {
  const demands = new Map<string, Kept>();
  return {
    change(member, revision, changes, lease, whole) {
      const wishes = (whole ? undefined : demands.get(member)?.wishes) ?? new Map<string, string>();
      apply(wishes, changes, (text) => text);
      demands.set(member, { revision, wishes, until: clock.monotonic() + lease });
    },
    touch(member, revision, lease) {
      const kept = demands.get(member);
      if (kept?.revision !== revision) {
        return false;
      }
      kept.until = clock.monotonic() + lease;
      return true;
    },
    forget: (member) => void demands.delete(member),
    of: (member) => demands.get(member),
    census() {
      const now = clock.monotonic();
      [...demands].filter(([, { until }]) => until <= now).forEach(([member]) => demands.delete(member));
      return new Map([...demands].map(([member, { revision }]) => [member, revision]));
    },
  };
}
