/** The ids of one opening: its own, and those that its statistics go by, from an index to an id and back, with nothing to remember. */

/** Unique for ever. `randomUUID` exists in secure contexts only. */
export function newOperationId(): string {
  if (typeof crypto.randomUUID === 'function') {
    return crypto.randomUUID();
  }
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export interface Ids {
  of(index: number): string;
  /** The index that an id was made for; `undefined` where it is none of these. */
  indexOf(id: string): number | undefined;
}

const [zero, nine] = [48, 57];

/** Ids of one opening are never seen in another, so another set under our id shows. */
export function createIds(operationId: string, count: number): Ids {
  const prefix = `${operationId.slice(0, 8)}.`;
  return {
    of: (index) => `${prefix}${index}`,
    indexOf(id) {
      const start = prefix.length;
      const isOnlyZero = id.length === start + 1;
      if (id.length <= start || id.slice(0, start) !== prefix || (id.charCodeAt(start) === zero && !isOnlyZero)) {
        return undefined;
      }
      let index = 0;
      for (let at = start; at < id.length; at++) {
        const code = id.charCodeAt(at);
        if (code < zero || code > nine || index >= count) {
          return undefined;
        }
        index = index * 10 + (code - zero);
      }
      return index < count ? index : undefined;
    },
  };
}

/** Of answers to a peek, which repeat no ids. */
export const noIds: Ids = { of: () => '', indexOf: () => undefined };
