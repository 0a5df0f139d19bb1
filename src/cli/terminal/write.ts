/** Writes a text, or lines of JSON, to an output, and waits until it is taken. */
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { toNdjson } from '../../node/index.js';

/** @throws what the system says of the output, such as that the disk is full or the reader has gone (EPIPE) */
export function write(output: Writable, text: string): Promise<void> {
  return new Promise((resolve, reject) => output.write(text, (error) => (error ? reject(error) : resolve())));
}

/** A line of JSON for each value. Throws as {@link write} does. */
export async function writeLines(output: Writable, values: Iterable<object>): Promise<void> {
  await pipeline(Readable.from(values), toNdjson(), output, { end: false });
}
