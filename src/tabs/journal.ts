/** The journal of a fleet of tabs: an item of `localStorage` for each entry, so that tabs do not overwrite each other's. */
import type { BusMember } from '../fleet/index.js';

/** Used where a page may not store anything. Only the server's own expiry ends what a crashed browser leaves open there. */
const inMemory = new Map<string, Set<string>>();

export function createTabJournal(base: string): BusMember['journal'] {
  const prefix = `${base}:open:`;
  const storage = storageOfPage();
  const entries = inMemory.get(base) ?? new Set<string>();
  inMemory.set(base, entries);
  return {
    add(entry) {
      return attempt(() => (storage === undefined ? void entries.add(entry) : storage.setItem(prefix + entry, '')));
    },
    remove(entry) {
      return attempt(() => (storage === undefined ? void entries.delete(entry) : storage.removeItem(prefix + entry)));
    },
    entries: () => attempt(() => (storage === undefined ? [...entries] : Object.keys(storage).flatMap((key) => (key.startsWith(prefix) ? [key.slice(prefix.length)] : [])))),
  };
}

/** Reading the property throws where a page may not store anything. Node has none without a file. */
function storageOfPage(): Storage | undefined {
  try {
    return (globalThis as { readonly document?: unknown }).document === undefined ? undefined : globalThis.localStorage;
  } catch {
    return undefined;
  }
}

/** At once: an entry has to be written before the request is sent. */
function attempt<T>(act: () => T): Promise<T> {
  return new Promise((resolve) => resolve(act()));
}
