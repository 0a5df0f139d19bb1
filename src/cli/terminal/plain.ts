/**
 * Makes a text safe for a terminal (F100). All text from outside this program passes here: a server's messages, arguments, names.
 * Otherwise it could move the cursor, set the title or hide the rest of the line.
 */

/**
 * Replaces control characters (C1 included), invisible characters and characters that reverse the direction of a line by blanks. Line
 * ends stay.
 */
export function plain(text: string): string {
  return text.replace(/(?:[^\P{Cc}\n]|[\p{Cf}\p{Cs}\p{Zl}\p{Zp}])+/gu, ' ');
}
