/** A recording as a file: lines of JSON, written as they come. When it is read, errors name the line of a mistake. */
import { createReadStream, createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { finished } from 'node:stream/promises';
import { UsageError } from '../arguments/usage-error.js';
import { fileProblem } from '../file-problem.js';
import { entryOf, type RecordedExchange, type RecordingHead } from './entry.js';
import type { Exchange } from './exchange.js';
import { createSecrets } from './secrets.js';

export interface RecordingWriter {
  add(exchange: Exchange): void;
  /** The number of exchanges so far. */
  readonly count: number;
  /** Resolves once everything is on the disk. @throws the system's error */
  end(): Promise<void>;
}

/**
 * Begins a recording. Only its owner can read the file, because values are about people.
 *
 * @param base - the base URL, without a trailing slash.
 * @throws UsageError if the file cannot be written
 */
export async function writeRecording(file: string, base: string): Promise<RecordingWriter> {
  const stream = createWriteStream(file, { mode: 0o600 });
  try {
    await once(stream, 'open');
  } catch (error) {
    throw new UsageError(`the recording cannot be written: ${fileProblem(error, file, 'written')}`);
  }
  const start = Date.now();
  const secrets = createSecrets();
  const done = finished(stream);
  // `end` reports the failure.
  done.catch(() => undefined);
  const write = (line: RecordingHead | RecordedExchange): void => void stream.write(`${JSON.stringify(line)}\n`);
  write({ type: 'recording', version: 1, at: new Date(start).toISOString() });
  let count = 0;
  return {
    add(exchange) {
      secrets.addFrom(exchange);
      write(entryOf(exchange, base, start, secrets));
      count++;
    },
    get count() {
      return count;
    },
    async end() {
      stream.end();
      await done;
    },
  };
}

export interface ReadRecording {
  readonly exchanges: readonly RecordedExchange[];
  /** Whether the last line was left out because it is incomplete, as after a crash or on a full disk. */
  readonly isCutOff: boolean;
}

/** @throws UsageError that names the unusable line */
export async function readRecording(file: string): Promise<ReadRecording> {
  const exchanges: RecordedExchange[] = [];
  let number = 0;
  let unread: UsageError | undefined;
  try {
    for await (const line of createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: Infinity })) {
      number++;
      if (unread !== undefined) {
        throw unread;
      }
      if (line.trim() !== '') {
        const entry = readLine(line, number, file);
        unread = entry instanceof UsageError ? entry : undefined;
        exchanges.push(...(entry === undefined || entry instanceof UsageError ? [] : [entry]));
      }
    }
    if (unread !== undefined && exchanges.length === 0) {
      throw unread;
    }
  } catch (error) {
    if (error instanceof UsageError) {
      throw error;
    }
    throw new UsageError(fileProblem(error, file));
  }
  if (exchanges.length === 0) {
    throw new UsageError(`${file} holds no exchange: record writes such files`);
  }
  return { exchanges, isCutOff: unread !== undefined };
}

/**
 * Reads an exchange; `undefined` for the head, and for lines of other types, which a later version may write. Returns the error for a
 * line that is not JSON, because only the caller knows whether it is the last one.
 */
function readLine(text: string, number: number, file: string): RecordedExchange | UsageError | undefined {
  const unfit = (why: string): UsageError => new UsageError(`${file} is no recording: line ${number} ${why}`);
  let line: Partial<RecordedExchange | RecordingHead> & { readonly version?: unknown };
  try {
    line = JSON.parse(text) as typeof line;
  } catch {
    return unfit('is not JSON');
  }
  if (number === 1 && (line.type !== 'recording' || line.version !== 1)) {
    throw unfit('must be {"type":"recording","version":1,...}');
  }
  if (line.type !== 'exchange') {
    return undefined;
  }
  const { after, took, method, path } = line;
  if (typeof after !== 'number' || typeof took !== 'number' || typeof method !== 'string' || typeof path !== 'string') {
    throw unfit('lacks after, took, method or path');
  }
  return line as RecordedExchange;
}
