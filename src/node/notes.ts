/**
 * A file of notes: a line `+entry` for each entry that is added and `-entry` for each that is removed. Lines are appended
 * before the call returns, so a killed process has written them. Owns the format and the file's size; knows nothing of
 * what entries mean.
 */
import { appendFileSync, rmSync } from 'node:fs';

export interface Notes {
  add(entries: readonly string[]): void;
  remove(entry: string): void;
}

/** A file is rewritten once it has more lines than twice its entries plus these. */
const spareLines = 100;
const longestEntry = 513;

/**
 * @param newPath - returns a path where no file exists. There is a file only while there are entries.
 * @throws the error of the file system, from both functions. The next call repeats what could not be written.
 */
export function createNotes(newPath: () => string): Notes {
  const noted = new Set<string>();
  let path: string | undefined;
  /** The number of lines in the file; `Infinity` if the file must be rewritten, because its last line may be incomplete. */
  let lines = Infinity;

  function write(to: string, text: readonly string[], linesBefore: number): void {
    lines = Infinity;
    // Opens and closes the file each time, so that no handle stays open.
    appendFileSync(to, text.map((line) => `${line}\n`).join(''), { mode: 0o600 });
    lines = linesBefore + text.length;
  }

  /** Writes the new file before it removes the old one. If the process is killed in between, both are left, which costs some needless DELETEs. */
  function rewrite(): void {
    const next = newPath();
    try {
      write(next, [...noted].map((entry) => `+${entry}`), 0);
    } catch (error) {
      // Otherwise each attempt on a full disk would leave another file.
      discard(next);
      throw error;
    }
    const before = path;
    path = next;
    if (before !== undefined) {
      discard(before);
    }
  }

  function append(text: readonly string[]): void {
    if (path === undefined || lines > 2 * noted.size + spareLines) {
      rewrite();
    } else {
      write(path, text, lines);
    }
  }

  return {
    add(entries) {
      if (entries.length > 0) {
        entries.forEach((entry) => noted.add(entry));
        append(entries.map((entry) => `+${entry}`));
      }
    },
    remove(entry) {
      if (noted.delete(entry) && noted.size > 0) {
        append([`-${entry}`]);
      } else if (path !== undefined && noted.size === 0) {
        discard(path);
        path = undefined;
      }
    },
  };
}

/** The entries that were added and not removed. Skips an incomplete last line, and any line of another form. */
export function readNotes(text: string): readonly string[] {
  const noted = new Set<string>();
  for (const line of text.split('\n').slice(0, -1)) {
    const entry = line.slice(1);
    if (line.startsWith('+') && entry !== '' && entry.length <= longestEntry) {
      noted.add(entry);
    } else if (line.startsWith('-')) {
      noted.delete(entry);
    }
  }
  return [...noted];
}

/** Removes a file. If that fails, a later start reads it again, which costs only a few needless DELETEs. */
export function discard(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // Harmless, see above.
  }
}
