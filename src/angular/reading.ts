/**
 * Converts a value of the client to the value of a resource in two steps. With server rendering, the first runs on the server and the
 * second in the browser, so that a page carries only the result of the first. Knows no signal.
 */

/** From a `V` of the client, a value or a snapshot, to the `T` that a resource shows. */
export interface Reading<V, T> {
  /** Distinguishes readings of the same target in the ids of carried values. */
  readonly kind: string;
  /** The first step. Returns plain data that a page may carry, without anything private that the page does not show. */
  readonly pack?: ((given: V) => unknown) | undefined;
  /** The second step. Returns the value to show. */
  readonly unpack?: ((packed: never) => T) | undefined;
}

export function show<V, T>(reading: Reading<V, T>, given: V): T {
  return unpacked(reading, reading.pack === undefined ? given : reading.pack(given));
}

export function unpacked<V, T>({ unpack }: Reading<V, T>, packed: unknown): T {
  return unpack === undefined ? (packed as T) : unpack(packed as never);
}

/** The reading by a `parse` of the caller, or without any conversion. */
export function readingBy<V, T>(parse: ((given: V) => T) | undefined): Reading<V, T> {
  return parse === undefined ? { kind: '' } : { kind: 'parse', pack: parse };
}
