/** The origin of a name: a public source, or made up. */
export type Origin =
  /** The public source that shows the name, or `'roster'` for one of your own. */
  | { readonly source: string; readonly madeUp?: undefined }
  | { readonly madeUp: true; readonly source?: undefined };

/** @param source - `undefined` if no public source shows the name. */
export const originOf = (source: string | undefined): Origin => (source === undefined ? { madeUp: true } : { source });
