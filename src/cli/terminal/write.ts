/** Writes a text, or lines of JSON, to an output, and waits until it is taken. */
import { Readable, type Writable } from 'node:stream';
import { toNdjson } from '../../node/index.js';

/** @throws what the system says of the output, such as that the disk is full or the reader has gone (EPIPE) */
export function write(output: Writable, text: string): Promise<void> {
  return new Promise((resolve, reject) => output.write(text, (error) => (error ? reject(error) : resolve())));
}

/** A line of JSON for each value. Throws as {@link write} does. */
export async function writeLines(output: Writable, values: Iterable<object>): Promise<void> {
  const lines: string[] = [];
  // Not by a pipeline into the output, which would leave its listeners there each time.
  for await (const line of Readable.from(values).pipe(toNdjson())) {
    lines.push(String(line));
  }
  await write(output, lines.join(''));
}
