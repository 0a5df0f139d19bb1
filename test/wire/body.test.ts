/** Reading bodies: the same text as decoding the whole body, whatever the chunks, and never the text of another body. */
import { once } from 'node:events';
import { isDeepStrictEqual } from 'node:util';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import crossFetch from 'cross-fetch';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createBodyReader, textOfBody, type Body } from '../../src/wire/body.js';
import * as native from '../../src/wire/platform/bytes.native.js';
import * as node from '../../src/wire/platform/bytes.node.js';

const limit = 1_000_000;
const { signal } = new AbortController();

/** A body that comes in chunks of `size` bytes, each after a turn of the event loop. */
function inChunks(bytes: Uint8Array, size: number, announced?: string): Response {
  let at = 0;
  return new Response(
    new ReadableStream({
      async pull(controller) {
        await new Promise((resolve) => setImmediate(resolve));
        if (at >= bytes.byteLength) {
          controller.close();
          return;
        }
        controller.enqueue(bytes.slice(at, at + size));
        at += size;
      },
    }),
    announced === undefined ? {} : { headers: { 'content-length': announced } },
  );
}

const bytesOf = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

/** A body reader that returns texts. */
function createTextReader(): { read(...given: Parameters<ReturnType<typeof createBodyReader>['read']>): Promise<string> } {
  const reader = createBodyReader();
  return { read: async (...given) => textOfBody(await reader.read(...given)) };
}

describe('a body reader', () => {
  it('F22: returns the whole text, wherever chunks begin', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 60 }), fc.integer({ min: 1, max: 20 }), async (text, size) => {
        expect(await createTextReader().read(inChunks(bytesOf(text), size), limit, signal)).toBe(text.replace(/^\uFEFF/, ''));
      }),
    );
  });

  it('F17: treats the announced length as a hint only', async () => {
    const reader = createBodyReader();
    const read = async (announced: string): Promise<Body> => reader.read(inChunks(bytesOf('x'.repeat(1000)), 100, announced), 2000, signal);
    for (const announced of ['0', '1', '999', '1000', '1001', '4000000', '99999999999', '-5', 'many', '1e3', '']) {
      const body = await read(announced);
      expect([announced, textOfBody(body)]).toEqual([announced, 'x'.repeat(1000)]);
      expect(body.bytes.buffer.byteLength).toBeLessThanOrEqual(2250);
    }
  });

  it('reads a body of the announced length into a buffer of about its size, which also fits slightly larger bodies', async () => {
    const reader = createBodyReader();
    const read = (size: number): Promise<Body> => reader.read(inChunks(new Uint8Array(size), 1000, String(size)), limit, signal);
    const first = await read(10_000);
    expect(first.bytes.buffer.byteLength).toBe(11_250);
    for (const size of [10_001, 11_250]) {
      first.release();
      expect((await read(size)).bytes.buffer).toBe(first.bytes.buffer);
    }
  });

  it('keeps successive and concurrent bodies apart', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ text: fc.string({ unit: fc.constantFrom('a', 'b', 'é'), minLength: 8, maxLength: 24 }), together: fc.boolean() }), { minLength: 1, maxLength: 8 }),
        async (bodies) => {
          const reader = createTextReader();
          let before: Promise<unknown> = Promise.resolve();
          const read = bodies.map(async ({ text, together }) => {
            const turn = together ? Promise.resolve() : before;
            const done = turn.then(() => reader.read(inChunks(bytesOf(text), 5), limit, signal));
            before = done;
            return done;
          });
          expect(await Promise.all(read)).toEqual(bodies.map(({ text }) => text));
        },
      ),
    );
  });

  it('reuses only buffers that were released', async () => {
    const reader = createBodyReader();
    const read = async (text: string): Promise<Body> => reader.read(inChunks(bytesOf(text), 5), limit, signal);
    const [first, second] = [await read('first'), await read('second')];
    expect([textOfBody(first), textOfBody(second)]).toEqual(['first', 'second']);
    first.release();
    const third = await read('third');
    expect([third.bytes.buffer === first.bytes.buffer, textOfBody(third), textOfBody(second)]).toEqual([true, 'third', 'second']);
    second.release();
    await expect(reader.read(inChunks(bytesOf('more'), 1), 3, signal)).rejects.toThrow('larger');
    expect((await read('after')).bytes.buffer).toBe(second.bytes.buffer);
  });

  it('never lets a small body retain a large buffer', async () => {
    const reader = createBodyReader();
    const read = (size: number): Promise<Body> => reader.read(inChunks(new Uint8Array(size), size), size, signal);
    const held: Body[] = [];
    for (let round = 0; round < 20; round++) {
      const large = await read(1_000_000);
      large.release();
      held.push(await read(2000));
    }
    expect(Math.max(...held.map(({ bytes }) => bytes.buffer.byteLength))).toBeLessThanOrEqual(4 * 2000);
    const again = await read(1_000_000);
    expect(again.bytes.buffer.byteLength, 'memory of the first body, reused').toBe(1_500_000);
  });

  it('keeps at most 8 MiB for later bodies', async () => {
    const reader = createBodyReader();
    const megabytes = new Uint8Array(3 * 1024 * 1024);
    const read = (): Promise<Body> => reader.read(inChunks(megabytes, megabytes.length), megabytes.length, signal);
    const bodies = [await read(), await read(), await read()];
    const memory = new Set(bodies.map(({ bytes }) => bytes.buffer));
    bodies.forEach((body) => body.release());
    const again = [await read(), await read(), await read()].map(({ bytes }) => bytes.buffer);
    expect(again.filter((buffer) => memory.has(buffer))).toHaveLength(1);
  });

  it('frees the chunks of a byte stream once they are copied, since nothing else uses them', async () => {
    const transfer = vi.spyOn(ArrayBuffer.prototype, 'transfer');
    onTestFinished(() => transfer.mockRestore());
    const chunks = [bytesOf('abc'), bytesOf('def')];
    const stream = new ReadableStream({
      type: 'bytes',
      pull(controller) {
        const next = chunks.shift();
        if (next === undefined) {
          controller.close();
          controller.byobRequest?.respond(0);
        } else {
          controller.enqueue(next);
        }
      },
    });
    expect(await createTextReader().read(new Response(stream), limit, signal)).toBe('abcdef');
    expect(transfer).toHaveBeenCalledTimes(2);
  });

  it('F95: does not free the chunks of any other stream, since they may be in use elsewhere', async () => {
    const chunks = [bytesOf('abc'), bytesOf('def')];
    const again = (): Response =>
      new Response(
        new ReadableStream({
          start(controller) {
            chunks.forEach((chunk) => controller.enqueue(chunk));
            controller.close();
          },
        }),
      );
    const reader = createTextReader();
    expect([await reader.read(again(), limit, signal), await reader.read(again(), limit, signal)]).toEqual(['abcdef', 'abcdef']);
    expect(chunks.map(({ byteLength }) => byteLength)).toEqual([3, 3]);
  });

  it.each([['the platform’s fetch', fetch], ['cross-fetch', crossFetch]] as const)('F95: does not damage a clone that a patched %s keeps', async (_, send) => {
    const text = JSON.stringify(Array.from({ length: 100_000 }, (_, index) => index));
    const server = createServer((_, response) => response.end(text)).listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    const response = await send(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const clone = response.clone();
    const [read, kept] = await Promise.all([createTextReader().read(response, limit, signal), clone.text()]);
    expect([read === text, kept === text]).toEqual([true, true]);
  });

  it('F17: refuses one byte more than the limit, and can still read the next body', async () => {
    const reader = createTextReader();
    await expect(reader.read(inChunks(bytesOf('x'.repeat(101)), 30), 100, signal)).rejects.toMatchObject({ kind: 'too-large' });
    expect(await reader.read(inChunks(bytesOf('x'.repeat(100)), 30), 100, signal)).toBe('x'.repeat(100));
  });

  it.each([3, 100])('refuses bytes that are not UTF-8, in chunks of %i', async (size) => {
    const bytes = Uint8Array.of(97, 98, 0xe2, 0x28, 0xa1, 99);
    await expect(createTextReader().read(inChunks(bytes, size), limit, signal)).rejects.toMatchObject({ kind: 'unreadable' });
  });

  it('F17: cancels a body that it refuses', async () => {
    let letGo = false;
    const endless = new ReadableStream({
      pull: (controller) => controller.enqueue(new Uint8Array(30)),
      cancel: () => {
        letGo = true;
      },
    });
    await expect(createTextReader().read(new Response(endless), 100, signal)).rejects.toMatchObject({ kind: 'too-large' });
    expect(letGo).toBe(true);
  });

  it('F08: is ended by an abort between two chunks', async () => {
    const controller = new AbortController();
    const reading = createTextReader().read(inChunks(bytesOf('x'.repeat(1000)), 1), limit, controller.signal);
    controller.abort(new Error('enough'));
    await expect(reading).rejects.toThrow('enough');
  });

  it('returns an empty text for an empty body', async () => {
    expect(await createTextReader().read(new Response(null), limit, signal)).toBe('');
  });
});

describe('the platforms', () => {
  it('decode alike', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const bytes = bytesOf(text);
        expect(node.decodeUtf8(bytes)).toBe(native.decodeUtf8(bytes));
      }),
    );
  });

  it('node frees a chunk only if it does not share its memory', () => {
    const memory = new Uint8Array(8);
    const discard = node.discarderOf(new ReadableStream({ type: 'bytes' }));
    discard(memory.subarray(0, 4));
    expect(memory.byteLength).toBe(8);
    discard(memory);
    expect(memory.byteLength).toBe(0);
  });

  it('compare alike', () => {
    const bytes = fc.uint8Array({ max: 2, maxLength: 12 });
    fc.assert(
      fc.property(bytes, bytes, fc.nat(12), fc.nat(12), fc.nat(12), (a, b, at, there, length) => {
        fc.pre(at + length <= a.length && there + length <= b.length);
        const expected = isDeepStrictEqual(a.slice(at, at + length), b.slice(there, there + length));
        expect([node.areSame(a, at, b, there, length), native.areSame(a, at, b, there, length)]).toEqual([expected, expected]);
      }),
      { numRuns: 1000 },
    );
  });

  it.each(Object.entries({ node, native }))('%s decodes a part alone, wherever it lies in its memory', (_, { partsOf }) => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' }), fc.nat(9), (before, text, after, offset) => {
        const [start, middle] = [bytesOf(before), bytesOf(text)];
        const memory = Uint8Array.from([...new Uint8Array(offset), ...start, ...middle, ...bytesOf(after)]);
        expect(partsOf(memory.subarray(offset))(start.length, start.length + middle.length)).toBe(text);
      }),
    );
  });

  it.each(Object.entries({ node, native }))('%s keeps a byte order mark in a part, since JSON has none', (_, { partsOf }) => {
    expect(partsOf(bytesOf('"\ufeffa"'))(1, 5)).toBe('\ufeffa');
    expect(partsOf(bytesOf('"\ufeffa\ufffd"'))(1, 8)).toBe('\ufeffa\ufffd');
  });

  it.each(Object.entries({ node, native }))('%s refuses a part that is not UTF-8', (_, { partsOf }) => {
    expect(() => partsOf(Uint8Array.of(97, 0xe2, 0x28, 0xa1))(1, 4)).toThrow(TypeError);
  });

  it.each(Object.entries({ node, native }))('F19: %s refuses bytes that are not UTF-8', (_, { decodeUtf8 }) => {
    expect(() => decodeUtf8(Uint8Array.of(97, 0xe2, 0x28, 0xa1))).toThrow(TypeError);
  });
});
