/**
 * How a resource reads what the client gives: in two steps, so that only the outcome of the first ever leaves the server.
 * Knows no signal.
 */

/** Reads a `V` of the client, a value or a snapshot, as the `T` that a resource shows. */
export interface Reading<V, T> {
  /** Tells readings of the same target apart where their outcomes are carried from the server to the browser. */
  readonly kind: string;
  /** Makes what may be carried: plain data, nothing of an agent's that the page does not show. */
  readonly pack?: ((given: V) => unknown) | undefined;
  /** Makes what is shown of what was carried. */
  readonly unpack?: ((packed: never) => T) | undefined;
}

export function show<V, T>(reading: Reading<V, T>, given: V): T {
  return unpacked(reading, reading.pack === undefined ? given : reading.pack(given));
}

export function unpacked<V, T>({ unpack }: Reading<V, T>, packed: unknown): T {
  return unpack === undefined ? (packed as T) : unpack(packed as never);
}

/** The reading by a `parse` of the caller, or as it is. */
export function readingBy<V, T>(parse: ((given: V) => T) | undefined): Reading<V, T> {
  return parse === undefined ? { kind: '' } : { kind: 'parse', pack: parse };
}
