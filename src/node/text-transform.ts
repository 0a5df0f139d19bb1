/** A `Transform` from values to text that holds back one value only. Knows nothing of what the text says. */
import { Transform } from 'node:stream';

export interface TextWriter {
  /** The text of a value. What it throws fails the pipeline. */
  write(value: unknown): string;
  /** Called when text is asked for. */
  reading?(): void;
  /** Called once no more text follows, and again when the stream is destroyed. */
  ended?(): void;
}

/**
 * Takes values, gives UTF-8 text. Behind a slow consumer it holds one value's text and accepts no more, so that the values
 * in front of it can still conflate.
 */
export function createTextTransform(writer: TextWriter): Transform {
  const transform = new Transform({
    writableObjectMode: true,
    writableHighWaterMark: 1,
    readableHighWaterMark: 1, // in characters: one line is enough to stop
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
      writer.reading?.(); // first: what follows may be the end
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
