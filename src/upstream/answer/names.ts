/**
 * Entries of an answer by what they say of themselves: name, object and object type. Owns the comparison of these, in any
 * case. Knows nothing of ids.
 */
import { keyOf, type Definition } from '../../model/definition.js';
import { textOf, type Entry } from '../../wire/envelope.js';

/** Finds definitions by what an entry says of itself. */
export interface Names {
  /** The definition that an entry names; of several that it may mean, the first that is not taken. */
  find(entry: Entry, taken: readonly unknown[]): number | undefined;
  /** The only definition with the name and object of an entry. */
  named(entry: Entry): number | undefined;
}

/** By name and object, as they were sent or in another case; inline definitions have no name, and several may share an object. */
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
    // Two names that differ only by their case: neither is meant for certain.
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

/** Whether an entry says of itself that it is about something else than this definition. */
export function contradicts({ name, objectId, objectType }: Entry, definition: Definition | undefined): boolean {
  return (
    definition !== undefined &&
    (differs(objectId, definition.objectId) || differs(objectType, definition.objectType) || (definition.name !== undefined && differs(name, definition.name)))
  );
}

function differs(said: unknown, known: string): boolean {
  return said !== undefined && said !== known && said !== null && textOf(said)?.toLowerCase() !== known.toLowerCase();
}
