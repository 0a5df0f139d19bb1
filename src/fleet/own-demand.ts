/**
 * Tells the bus what this process demands: changes, one message after the other, and all of it whenever the bus may have lost it. Knows nothing of who leads.
 */
import { noop } from 'rxjs';
import type { BusMember } from './bus.js';

export interface OwnDemand {
  /** A wish has changed; `''` withdraws it. Sent with the other changes of this tick. */
  change(key: string, wish: string): void;
  /** States everything anew. */
  stateAll(): void;
  /** Keeps the demand for another lease, and states it anew if the bus has lost it. */
  keep(): void;
}

/**
 * @param wishes - all wishes, flat.
 * @param isUp - whether the bus can be used.
 */
export function createOwnDemand(bus: Pick<BusMember, 'demand' | 'touch'>, lease: number, wishes: () => string[], isUp: () => boolean): OwnDemand {
  /** Counts every change; those that wait for the bus. */
  let revision = 0;
  let waiting = new Map<string, string>();
  let isSending = false;

  function stateAll(): void {
    waiting = new Map();
    // Two steps ahead: a leader that knows the one before must read the whole.
    revision += 2;
    send(wishes(), true);
  }

  function sendChanges(): void {
    if (isUp() && !isSending && waiting.size > 0) {
      const changes = [...waiting].flat();
      waiting = new Map();
      revision += 1;
      send(changes, false);
    }
  }

  function send(changes: readonly string[], whole: boolean): void {
    isSending = true;
    bus
      .demand(revision, changes, lease, whole)
      // A demand that may not have arrived is stated anew by the next `keep`, since the revisions differ.
      .catch(noop)
      .finally(() => {
        isSending = false;
        sendChanges();
      })
      .catch(noop);
  }

  return {
    change(key, wish) {
      if (waiting.size === 0) {
        queueMicrotask(sendChanges);
      }
      waiting.set(key, wish);
    },
    stateAll,
    keep() {
      bus.touch(revision, lease).then((isKept) => isKept || isSending || waiting.size > 0 || !isUp() || stateAll(), noop);
    },
  };
}
