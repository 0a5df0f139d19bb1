/** Turns values into lines of JSON, for a pipeline. Knows nothing of statistics. */
import type { Transform } from 'node:stream';
import { jsonLine } from './json-line.js';
import { createTextTransform } from './text-transform.js';

/**
 * A `Transform` from values that JSON can express to newline-delimited JSON: one line per value, each ended by `\n`, as
 * UTF-8 text.
 *
 * Behind a slow consumer it holds one line and accepts no more, so that the stream in front can still conflate values. A value
 * that JSON cannot express (a function, a cycle, a bigint) fails the pipeline with a `StatisticsError` and its cause.
 *
 * @example
 * await pipeline(toReadable(statistic$('Current_In_Queue', sales)), toNdjson(), process.stdout);
 * // {"name":"Current_In_Queue","objectId":"Sales@SIP","objectType":"Queue","timestamp":1700000000000,"value":{"intValue":3}}
 */
export function toNdjson(): Transform {
  return createTextTransform({ write: (value) => `${jsonLine(value, 'toNdjson')}\n` });
}
