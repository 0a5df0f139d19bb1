/**
 * Notes in a file: a line `+entry` for what is noted and `-entry` for what is erased, appended before the call returns, so a
 * process that is killed has written them. Owns the format and how large a file gets; knows nothing of what is noted.
 */
import { appendFileSync, rmSync } from 'node:fs';

export interface Notes {
  note(entries: readonly string[]): void;
  erase(entry: string): void;
}

/** A file is written anew when it has more lines than twice what it needs and these. */
const spareLines = 100;
const longestEntry = 513;

/**
 * @param newPath - a path where nothing is yet. There is a file only while anything is noted.
 * @throws from both functions, what the file system does. What could not be written is tried again with the next.
 */
export function createNotes(newPath: () => string): Notes {
  const noted = new Set<string>();
  let path: string | undefined;
  /** Of the file; infinite when it must be written anew, since its last line may be half of one. */
  let lines = Infinity;

  function write(to: string, text: readonly string[], linesBefore: number): void {
    lines = Infinity;
    // Opened and closed each time: nothing to hold the process, nothing to close.
    appendFileSync(to, text.map((line) => `${line}\n`).join(''), { mode: 0o600 });
    lines = linesBefore + text.length;
  }

  /** The new file before the old one goes: whatever kills us in between leaves both, and that is one DELETE too many. */
  function rewrite(): void {
    const next = newPath();
    try {
      write(next, [...noted].map((entry) => `+${entry}`), 0);
    } catch (error) {
      // Or a disk that is full would be given another file for each attempt.
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
    note(entries) {
      if (entries.length > 0) {
        entries.forEach((entry) => noted.add(entry));
        append(entries.map((entry) => `+${entry}`));
      }
    },
    erase(entry) {
      if (noted.delete(entry) && noted.size > 0) {
        append([`-${entry}`]);
      } else if (path !== undefined && noted.size === 0) {
        discard(path);
        path = undefined;
      }
    },
  };
}

/** What is noted and not erased. A last line that was not written to its end says nothing, nor does one that is none of ours. */
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

/** One that cannot be removed is read again one day, and no more is lost by that than a few DELETEs. */
export function discard(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // As said.
  }
}
