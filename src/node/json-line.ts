/** A value as one line of JSON that any reader takes for one line. Knows nothing of what becomes of it. */
import { StatisticsError } from '../index.js';

/**
 * The line, without its end.
 *
 * @param writer - the function that writes it, for the error.
 * @throws StatisticsError for what JSON cannot say: a function, a cycle, a bigint.
 */
export function jsonLine(value: unknown, writer: string): string {
  let line: string | undefined;
  let cause: unknown;
  try {
    line = inAnyReader(JSON.stringify(value));
  } catch (error) {
    cause = error;
  }
  if (line === undefined) {
    throw new StatisticsError(`${writer} cannot write a ${typeof value} as JSON`, { cause });
  }
  return line;
}

/**
 * The same JSON, with `\u` for what JSON lets stand and not every reader of lines does: some end a line at U+0085 or U+2028,
 * and a terminal obeys C1 controls and marks that turn a line's direction (F100).
 */
function inAnyReader(json: string | undefined): string | undefined {
  return json?.replace(/[\x7f-\x9f\p{Cf}\p{Zl}\p{Zp}]+/gu, (characters) =>
    // One by one as JSON counts them: a tag is two.
    characters.replace(/[^]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
  );
}
