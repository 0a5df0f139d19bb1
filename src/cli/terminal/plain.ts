/**
 * Makes a text safe for a terminal (F100). All text from outside this program passes here: a server's messages, arguments, names.
 * Otherwise it could move the cursor, set the title or hide the rest of the line.
 */

/** Control characters, C1 ones too, and those that turn a line's direction or hide in it become blanks; lines stay lines. */
export function plain(text: string): string {
  return text.replace(/(?:[^\P{Cc}\n]|[\p{Cf}\p{Cs}\p{Zl}\p{Zp}])+/gu, ' ');
}
