/**
 * Finds the definition of an entry by the name, object and object type in the entry. Owns the comparison of these texts, which
 * ignores upper and lower case. Knows nothing of ids.
 */
import { keyOf, type Definition } from '../../model/definition.js';
import { textOf, type Entry } from '../../wire/envelope.js';

/** Finds definitions by the name and object in an entry. */
export interface Names {
  /** The index of the definition that an entry names. If several are possible, the first one that is not in `taken`. */
  find(entry: Entry, taken: readonly unknown[]): number | undefined;
  /** The index of the only definition with the name and object of an entry; `undefined` if there are none or several. */
  named(entry: Entry): number | undefined;
}

/** Exact matches win over matches that ignore case. Inline definitions have no name, so several of them may share an object. */
export function createNames(definitions: readonly (Definition | undefined)[]): Names {
  const exactly = new Map<string, number[]>();
  const inAnyCase = new Map<string, number[]>();

  function add(places: Map<string, number[]>, key: string, index: number): void {
    const there = places.get(key);
    if (there === undefined) {
      places.set(key, [index]);
    } else {
      there.push(index);
    }
  }

  definitions.forEach((definition, index) => {
    if (definition !== undefined) {
      const { name, objectId, objectType } = definition;
      const key = keyOf(name ?? null, objectId, objectType);
      add(exactly, key, index);
      add(inAnyCase, key.toLowerCase(), index);
    }
  });

  function candidatesFor({ objectId, objectType }: Entry, name: string | null): readonly number[] {
    const key = keyOf(name, textOf(objectId), textOf(objectType));
    return exactly.get(key) ?? inAnyCase.get(key.toLowerCase()) ?? [];
  }

  function named(entry: Entry): number | undefined {
    const name = textOf(entry['name']);
    const candidates = name === undefined ? [] : candidatesFor(entry, name);
    // If several names differ only by case, the entry's own name does not say which is meant.
    return candidates.length === 1 ? candidates[0] : undefined;
  }

  return {
    named,
    find(entry, taken) {
      const unnamed = candidatesFor(entry, null);
      return named(entry) ?? unnamed.find((index) => taken[index] === undefined) ?? (unnamed.length === 1 ? unnamed[0] : undefined);
    },
  };
}

/** Whether the name or object in an entry shows that it does not belong to this definition. */
export function contradicts({ name, objectId, objectType }: Entry, definition: Definition | undefined): boolean {
  return (
    definition !== undefined &&
    (differs(objectId, definition.objectId) || differs(objectType, definition.objectType) || (definition.name !== undefined && differs(name, definition.name)))
  );
}

function differs(said: unknown, known: string): boolean {
  return said !== undefined && said !== known && said !== null && textOf(said)?.toLowerCase() !== known.toLowerCase();
}
