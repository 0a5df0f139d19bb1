/**
 * A {@link Journal} in a directory: one file for each process and server, so that processes that run at once keep out of each
 * other's way. Owns the names of files, and whose turn it is to read one; knows nothing of what the entries mean.
 */
import { createHash, randomUUID } from 'node:crypto';
import { accessSync, constants, lstatSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Journal } from '../index.js';
import { createNotes, discard, readNotes, type Notes } from './notes.js';
import { expected } from './options.js';
import { isRunning, thisProcess } from './running.js';

/** No file of ours gets as large, nor holds as many; what somebody put there must not cost more. */
const mostBytes = 8 * 1024 * 1024;
const mostEntries = 10_000;

/** The server, the process's number, when it began, and something that only this file has. */
const fileName = /^([0-9a-f]{32})-(\d{1,10})-(\d*)-[0-9a-f-]{36}\.journal$/;

/**
 * Notes in `directory` what a client has open on the server, for its option `journal`. What a process leaves when it is
 * killed, crashes, or cannot delete, is deleted by the next one on this host that makes a client of the same `baseUrl` with a
 * journal in the same directory, and subscribes.
 *
 * The directory is made if it is not there. It holds a file, readable by its owner alone, for each process that has
 * anything open; in it are ids, and no secret. Any number of processes and clients may share it; hosts and containers that run
 * at once should not, unless their hostnames differ. A container that is replaced must keep its hostname to be known again.
 *
 * @param directory - a path, or a `file:` URL.
 * @throws StatisticsOptionError at once, where it cannot be made, read and written.
 *
 * @example
 * const client = createStatisticsClient({ baseUrl, apiKey, journal: fileJournal('/var/lib/wallboard') });
 * process.once('SIGTERM', () => client.close());
 */
export function fileJournal(directory: string | URL): Journal {
  const home = readDirectory(directory);
  const { pid, began } = thisProcess();
  const notesOf = new Map<string, Notes>();

  function notes(baseUrl: string): Notes {
    let found = notesOf.get(baseUrl);
    if (found === undefined) {
      found = createNotes(() => join(home, `${serverOf(baseUrl)}-${pid}-${began}-${randomUUID()}.journal`));
      notesOf.set(baseUrl, found);
    }
    return found;
  }

  return {
    left(baseUrl) {
      const server = serverOf(baseUrl);
      const left: string[] = [];
      for (const name of readdirSync(home)) {
        const path = join(home, name);
        const entries = isLeft(name, server) && left.length < mostEntries ? read(path) : undefined;
        if (entries !== undefined) {
          // Noted here before it is gone there: whatever kills us meanwhile, the next start finds it.
          notes(baseUrl).note(entries);
          discard(path);
          left.push(...entries);
        }
      }
      return left;
    },
    note: (entry, baseUrl) => notes(baseUrl).note([entry]),
    erase: (entry, baseUrl) => notes(baseUrl).erase(entry),
  };
}

/** In a name, so that it is known of a file that holds half a line. Of the host, too: on another a number is another process. */
function serverOf(baseUrl: string): string {
  return createHash('sha256').update(`${hostname()}\n${baseUrl}`).digest('hex').slice(0, 32);
}

function isLeft(name: string, server: string): boolean {
  const [, of, pid, began = ''] = fileName.exec(name) ?? [];
  return of === server && !isRunning({ pid: Number(pid), began });
}

/** `undefined`: it is not for us to read. Another start may be about to read it too, or have removed it: both may. */
function read(path: string): readonly string[] | undefined {
  try {
    const stat = lstatSync(path);
    // A pipe would never end, and a link may lead to what is not ours to remove.
    return stat.isFile() && stat.size <= mostBytes ? readNotes(readFileSync(path, 'utf8')).slice(0, mostEntries) : undefined;
  } catch {
    return undefined;
  }
}

function readDirectory(given: unknown): string {
  const isUrl = given instanceof URL && given.protocol === 'file:';
  if (!isUrl && (typeof given !== 'string' || given === '')) {
    throw expected('directory', given, 'a path or a file: URL');
  }
  try {
    // Whole, lest the program changes its own directory.
    const directory = resolve(isUrl ? fileURLToPath(given) : String(given));
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    accessSync(directory, constants.R_OK | constants.W_OK | constants.X_OK);
    return directory;
  } catch (error) {
    throw expected('directory', given, `one that can be made, read and written (${(error as NodeJS.ErrnoException).code ?? 'it cannot'})`);
  }
}
