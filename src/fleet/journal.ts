/**
 * The leader's journal, kept on the bus: what a leader that is killed had open, its successor deletes. Owns what is written
 * again when the bus has forgotten or refused it; what entries mean is the client's.
 */
import { createJournal, type Journal } from '../index.js';
import type { BusMember } from './bus.js';

export interface BusJournal {
  readonly journal: Journal;
  /** Writes everything that is open once more: the bus may have lost it. */
  rewrite(): void;
  /** Writes once more what the bus has refused, as a Redis without room does. */
  retry(): void;
  /** Removes the entries of a subscription that the client had given up, and that is deleted now. It may be a former leader's. */
  forget(subscriptionId: string): void;
}

export function createBusJournal(bus: BusMember['journal']): BusJournal {
  const open = new Set<string>();
  const refused = new Set<string>();

  async function write(entry: string): Promise<void> {
    refused.delete(entry);
    try {
      await bus.add(entry);
    } catch (error) {
      if (open.has(entry)) {
        refused.add(entry);
      }
      throw error;
    }
  }

  /** A failure is no news here: there is another attempt. */
  const writeAll = (entries: ReadonlySet<string>): void => [...entries].forEach((entry) => void write(entry).catch(() => undefined));

  function remove(entry: string): Promise<void> {
    open.delete(entry);
    refused.delete(entry);
    return bus.remove(entry);
  }

  return {
    journal: createJournal({
      pending: () => bus.entries(),
      add(entry) {
        open.add(entry);
        return write(entry);
      },
      remove,
    }),
    rewrite: () => writeAll(open),
    retry: () => writeAll(refused),
    forget(subscriptionId) {
      for (const entry of [subscriptionId, `?${subscriptionId}`]) {
        remove(entry).catch(() => undefined);
      }
    },
  };
}
