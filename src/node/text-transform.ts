/** A `Transform` from values to text that holds at most one value. Knows nothing of the text's format. */
import { Transform } from 'node:stream';

export interface TextWriter {
  /** Returns the text of a value. An error that it throws fails the pipeline. */
  write(value: unknown): string;
  /** Called when the consumer asks for text. */
  reading?(): void;
  /** Called when no more text follows, and again when the stream is destroyed. */
  ended?(): void;
}

/**
 * Turns values into UTF-8 text. Behind a slow consumer it holds the text of one value and accepts no more, so that the stream
 * in front can still conflate values.
 */
export function createTextTransform(writer: TextWriter): Transform {
  const transform = new Transform({
    writableObjectMode: true,
    writableHighWaterMark: 1,
    readableHighWaterMark: 1, // in characters, so a single line fills it
    encoding: 'utf8',
    transform(value: unknown, _, callback) {
      let text: string;
      try {
        text = writer.write(value);
      } catch (error) {
        callback(error as Error);
        return;
      }
      callback(null, text);
    },
    read(size) {
      writer.reading?.(); // comes first, because the read may bring the end
      Transform.prototype._read.call(transform, size);
    },
    flush(callback) {
      writer.ended?.();
      callback();
    },
    destroy(error, callback) {
      writer.ended?.();
      callback(error);
    },
  });
  return transform;
}
