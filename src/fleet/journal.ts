/**
 * The leader's journal, kept on the bus: what a leader that is killed had open, its successor deletes. Owns what is written
 * again when the bus has forgotten it; what entries mean is the client's.
 */
import { createJournal, type Journal } from '../index.js';
import type { BusMember } from './bus.js';

export interface BusJournal {
  readonly journal: Journal;
  /** Writes everything that is open once more: the bus may have lost it. */
  rewrite(): void;
  /** Removes the entries of a subscription that the client had given up, and that is deleted now. It may be a former leader's. */
  forget(subscriptionId: string): void;
}

export function createBusJournal(bus: BusMember['journal']): BusJournal {
  const open = new Set<string>();
  return {
    journal: createJournal({
      pending: () => bus.entries(),
      add(entry) {
        open.add(entry);
        return bus.add(entry);
      },
      remove(entry) {
        open.delete(entry);
        return bus.remove(entry);
      },
    }),
    rewrite() {
      // While the bus is away a failure is no news, and the next rewrite makes up for it.
      open.forEach((entry) => void bus.add(entry).catch(() => undefined));
    },
    forget(subscriptionId) {
      for (const entry of [subscriptionId, `?${subscriptionId}`]) {
        open.delete(entry);
        bus.remove(entry).catch(() => undefined);
      }
    },
  };
}
