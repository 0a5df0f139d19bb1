/** Whether a name is shown by a public source, or is made up. Owns how that is said. */
export type Origin =
  /** The public source that shows the name, or `'roster'` for one of your own. */
  | { readonly source: string; readonly madeUp?: undefined }
  | { readonly madeUp: true; readonly source?: undefined };

/** @param source - `undefined` where nobody shows the name. */
export const originOf = (source: string | undefined): Origin => (source === undefined ? { madeUp: true } : { source });
