/**
 * What may be written to a terminal as it is (F100). Whatever did not come from this program itself passes here: a server's
 * words, an argument, a name. Without it they could move the cursor, set the title or hide what else is on the line.
 */

/** Control characters, C1 ones too, and those that turn a line's direction or hide in it become blanks; lines stay lines. */
export function plain(text: string): string {
  return text.replace(/(?:[^\P{Cc}\n]|[\p{Cf}\p{Cs}\p{Zl}\p{Zp}])+/gu, ' ');
}
