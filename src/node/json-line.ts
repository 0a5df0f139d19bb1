/** Writes a value as JSON that every reader takes for a single line. Does not know what the line is for. */
import { StatisticsError } from '../index.js';

/**
 * Returns the line without its end.
 *
 * @param writer - the function that writes it, for the error.
 * @throws StatisticsError for a value that JSON cannot express: a function, a cycle, a bigint.
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
 * Escapes characters that JSON allows but that are not safe in a line. Some readers end a line at U+0085 or U+2028. A terminal obeys
 * C1 controls, and characters that reverse the direction of a line (F100).
 */
function inAnyReader(json: string | undefined): string | undefined {
  return json?.replace(/[\x7f-\x9f\p{Cf}\p{Zl}\p{Zp}]+/gu, (characters) =>
    // Escapes each UTF-16 unit, as JSON requires: a character beyond U+FFFF has two.
    characters.replace(/[^]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
  );
}
