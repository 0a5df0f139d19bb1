/**
 * Reads from the bus what it remembers: of a feed that is new, or of all when news may have been missed. One reading is under
 * way at a time; what fails is read again when the session says so.
 */
import type { BusMember, Remembered } from './bus.js';

export interface Recall {
  /** Reads these keys, with the next reading. */
  add(keys: readonly string[]): void;
  /** Reads what waits. */
  retry(): void;
}

/** The most keys that one reading asks for. */
const mostKeys = 1_000;

export function createRecall(bus: Pick<BusMember, 'recall'>, isUp: () => boolean, found: (key: string, remembered: Remembered) => void): Recall {
  const waiting = new Set<string>();
  let isReading = false;

  async function read(): Promise<void> {
    isReading = true;
    // Gathers what is asked for within one tick.
    await Promise.resolve();
    while (waiting.size > 0 && isUp()) {
      const keys = [...waiting].slice(0, mostKeys);
      keys.forEach((key) => waiting.delete(key));
      try {
        const remembered = await bus.recall(keys);
        remembered.forEach((each, index) => each !== undefined && found(keys[index] as string, each));
      } catch {
        keys.forEach((key) => waiting.add(key));
        break;
      }
    }
    isReading = false;
  }

  function retry(): void {
    if (!isReading && waiting.size > 0) {
      void read();
    }
  }

  return {
    add(keys) {
      keys.forEach((key) => waiting.add(key));
      retry();
    },
    retry,
  };
}
