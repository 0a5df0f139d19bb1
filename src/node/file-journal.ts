/**
 * A {@link Journal} in a directory: one file per process and server, so that concurrent processes do not touch each
 * other's entries. Owns the file names and which files a process may take over; knows nothing of what entries mean.
 */
import { createHash, randomUUID } from 'node:crypto';
import { accessSync, constants, lstatSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { unfit } from '../checks/arguments.js';
import { createJournal, type Journal } from '../index.js';
import { createNotes, discard, readNotes, type Notes } from './notes.js';
import { isRunning, thisProcess } from './running.js';

/** No file that this package writes is this large or has this many entries. The limits bound the cost of a forged file. */
const mostBytes = 8 * 1024 * 1024;
const mostEntries = 10_000;

/** The server, the process's number, its start time, and a part that is unique to the file. */
const fileName = /^([0-9a-f]{32})-(\d{1,10})-(\d*)-[0-9a-f-]{36}\.journal$/;

/**
 * Records in `directory` which subscriptions a client has open on the server, for its option `journal`. If the process is killed,
 * crashes, or cannot delete, the next process on this host deletes what is left. It does so at its first `subscribe`, with a client
 * of the same `baseUrl` and a journal in the same directory.
 *
 * The directory is created if it does not exist. It holds one file, readable by its owner only, for each process that has anything
 * open. The files hold ids and no secret. Any number of processes and clients may share the directory. Hosts and containers that run
 * at the same time may share it only if their hostnames differ. A replaced container continues its predecessor's journal only under
 * the same hostname.
 *
 * @param directory - a path, or a `file:` URL.
 * @throws StatisticsOptionError at once, if the directory cannot be created, read or written.
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

  return createJournal({
    pending(baseUrl) {
      const server = serverOf(baseUrl);
      const pending: string[] = [];
      for (const name of readdirSync(home)) {
        const path = join(home, name);
        const entries = mayTakeOver(name, server) && pending.length < mostEntries ? read(path) : undefined;
        if (entries !== undefined) {
          // Add our own copy before removing the original. If this process is killed in between, the next start still finds one of
          // them.
          notes(baseUrl).add(entries);
          discard(path);
          pending.push(...entries);
        }
      }
      return pending;
    },
    add: (entry, baseUrl) => notes(baseUrl).add([entry]),
    remove: (entry, baseUrl) => notes(baseUrl).remove(entry),
  });
}

/**
 * Part of the file name, so that the server of a half-written file is known as well. Includes the host, because on another host the
 * same number means another process.
 */
function serverOf(baseUrl: string): string {
  return createHash('sha256').update(`${hostname()}\n${baseUrl}`).digest('hex').slice(0, 32);
}

/** Whether a file belongs to this server and to a process that has ended. */
function mayTakeOver(name: string, server: string): boolean {
  const [, of, pid, began = ''] = fileName.exec(name) ?? [];
  return of === server && !isRunning({ pid: Number(pid), began });
}

/** Reads a file; `undefined` for anything but a readable file of a plausible size. Another process may read or remove it at the same time. */
function read(path: string): readonly string[] | undefined {
  try {
    const stat = lstatSync(path);
    // Reading a pipe would never end, and a link may lead to a file that is not ours to remove.
    return stat.isFile() && stat.size <= mostBytes ? readNotes(readFileSync(path, 'utf8')).slice(0, mostEntries) : undefined;
  } catch {
    return undefined;
  }
}

function readDirectory(given: unknown): string {
  const isUrl = given instanceof URL && given.protocol === 'file:';
  if (!isUrl && (typeof given !== 'string' || given === '')) {
    throw unfit('directory', given, 'a path or a file: URL');
  }
  try {
    // The path is made absolute, because the program may change its working directory later.
    const directory = resolve(isUrl ? fileURLToPath(given) : String(given));
    makeDirectory(directory);
    accessSync(directory, constants.R_OK | constants.W_OK | constants.X_OK);
    return directory;
  } catch (error) {
    throw unfit('directory', given, `one that can be made, read and written (${codeOf(error) ?? 'it cannot'})`);
  }
}

/**
 * Makes a directory and its parents, if they do not exist. Does not use `recursive: true`, which never returns if `mkdir` reports
 * ENOENT although the parent exists, as in `/proc`.
 */
function makeDirectory(path: string): void {
  try {
    mkdirOnce(path);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT' || dirname(path) === path) {
      throw error;
    }
    makeDirectory(dirname(path));
    mkdirOnce(path);
  }
}

function mkdirOnce(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    // The error of `mkdir` for an existing directory depends on the platform. Another process may have just made it.
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) {
      throw error;
    }
  }
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}
