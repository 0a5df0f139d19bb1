/** Conversion between text and bytes: our own transport makes no text that is not needed. */
import { describe, expect, it } from 'vitest';
import { fetchTransport } from '../../src/index.js';
import { inBytes, inText, type ByteTransport } from '../../src/wire/transport.js';

const request = { method: 'GET', url: 'https://host', headers: {}, maxBodyBytes: 100 };
const { signal } = new AbortController();

function bytesTransport(text: string): { readonly transport: ByteTransport; readonly released: () => number } {
  let released = 0;
  const transport: ByteTransport = () =>
    Promise.resolve({ status: 200, headers: { a: 'b' }, setCookies: ['c=d'], body: { bytes: Uint8Array.from(text, (character) => character.charCodeAt(0)), release: () => (released += 1) } });
  return { transport, released: () => released };
}

describe('a transport of bytes', () => {
  it('becomes a transport of text for a program, with the whole answer, and its buffer is reused', async () => {
    const { transport, released } = bytesTransport('text');
    expect(await inText(transport)(request, signal)).toEqual({ status: 200, headers: { a: 'b' }, setCookies: ['c=d'], body: 'text' });
    expect(released()).toBe(1);
  });

  it('F19: rejects a body that is not UTF-8, and reuses its buffer', async () => {
    const { transport, released } = bytesTransport('\u00e9');
    await expect(inText(transport)(request, signal)).rejects.toMatchObject({ kind: 'unreadable' });
    expect(released()).toBe(1);
  });

  it('is unwrapped when a program passes it to the client', () => {
    const { transport } = bytesTransport('text');
    expect(inBytes(inText(transport))).toBe(transport);
  });

  it('is the base of fetchTransport', async () => {
    const transport = inBytes(fetchTransport(() => Promise.resolve(new Response('é'))));
    const { body } = await transport(request, signal);
    expect([...body.bytes]).toEqual([0xc3, 0xa9]);
  });
});

describe('a transport of a program’s own', () => {
  it('returns its text as bytes', async () => {
    const { body, ...response } = await inBytes(() => Promise.resolve({ status: 200, headers: { a: 'b' }, setCookies: ['c=d'], body: '€' }))(request, signal);
    expect([response, [...body.bytes]]).toEqual([{ status: 200, headers: { a: 'b' }, setCookies: ['c=d'] }, [0xe2, 0x82, 0xac]]);
  });
});
