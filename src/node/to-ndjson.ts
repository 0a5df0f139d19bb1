/** Objects to lines of JSON, for a pipeline. Knows nothing of statistics. */
import { Transform } from 'node:stream';
import { StatisticsError } from '../index.js';

/**
 * A `Transform` from values that JSON can express to newline-delimited JSON: one line per value, each ended by `\n`, as
 * UTF-8 text.
 *
 * Behind a slow consumer it holds one line and accepts no more, so that the values in front of it can still conflate. A
 * value that JSON cannot express (a function, a cycle, a bigint) fails the pipeline with a `StatisticsError`, its cause kept.
 *
 * @example
 * await pipeline(toReadable(statistic$('Current_In_Queue', sales)), toNdjson(), process.stdout);
 * // {"name":"Current_In_Queue","objectId":"Sales@SIP","objectType":"Queue","timestamp":1700000000000,"value":{"intValue":3}}
 */
export function toNdjson(): Transform {
  return new Transform({
    writableObjectMode: true,
    writableHighWaterMark: 1,
    readableHighWaterMark: 1, // in characters: one line is enough to stop
    encoding: 'utf8',
    transform(value: unknown, _, callback) {
      let line: string | undefined;
      let cause: unknown;
      try {
        line = inAnyReader(JSON.stringify(value));
      } catch (error) {
        cause = error;
      }
      if (line === undefined) {
        callback(new StatisticsError(`toNdjson cannot write a ${typeof value} as JSON`, { cause }));
      } else {
        callback(null, `${line}\n`);
      }
    },
  });
}

/**
 * The same JSON, with `\u` escapes for characters that JSON allows but some readers mishandle: they end a line at U+0085 or
 * U+2028, and a terminal obeys C1 controls and marks that turn a line's direction (F100).
 */
function inAnyReader(json: string | undefined): string | undefined {
  return json?.replace(/[\x7f-\x9f\p{Cf}\p{Zl}\p{Zp}]+/gu, (characters) =>
    // By UTF-16 code units, as JSON escapes them: a tag character is two.
    characters.replace(/[^]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
  );
}
