/** Writes a text, or lines of JSON, to an output, and waits until the output accepts it. */
import { Readable, type Writable } from 'node:stream';
import { toNdjson } from '../../node/index.js';

/** @throws the system's error, for example if the disk is full or the reader has gone (EPIPE) */
export function write(output: Writable, text: string): Promise<void> {
  return new Promise((resolve, reject) => output.write(text, (error) => (error ? reject(error) : resolve())));
}

/** Writes a line of JSON for each value. Throws like {@link write}. */
export async function writeLines(output: Writable, values: Iterable<object>): Promise<void> {
  const lines: string[] = [];
  // Does not use a pipeline into the output, which would leave listeners on it each time.
  for await (const line of Readable.from(values).pipe(toNdjson())) {
    lines.push(String(line));
  }
  await write(output, lines.join(''));
}
