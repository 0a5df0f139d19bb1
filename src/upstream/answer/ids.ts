/** Creates the ids of one opening: the operation id, and an id for each statistic. Converts index to id and back without a table. */

/** Never returns an id twice. The fallback is needed because `randomUUID` exists in secure contexts only. */
export function newOperationId(): string {
  if (typeof crypto.randomUUID === 'function') {
    return crypto.randomUUID();
  }
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export interface Ids {
  of(index: number): string;
  /** The index that an id was made from; `undefined` for any other id. */
  indexOf(id: string): number | undefined;
}

const [zero, nine] = [48, 57];

/** Each opening has its own ids. An answer with other statistics under the same subscription id is therefore noticed. */
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

/** The ids of a peek, which sends none. */
export const noIds: Ids = { of: () => '', indexOf: () => undefined };
