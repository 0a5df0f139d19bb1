/** Flat changes, as a bus carries them: a key, the text that it has now, the next key ... An empty text means that the key is gone. */

/** @param valueOf - makes the value of a key from its text. */
export function apply<V>(map: Map<string, V>, changes: readonly string[], valueOf: (text: string) => V): void {
  for (let at = 0; at + 1 < changes.length; at += 2) {
    const [key, text] = [changes[at] as string, changes[at + 1] as string];
    if (text === '') {
      map.delete(key);
    } else {
      map.set(key, valueOf(text));
    }
  }
}
