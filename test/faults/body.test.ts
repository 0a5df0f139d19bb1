/** F08 to F24: answers that break off, are slow, never end, or contradict their headers. None of them is emitted as a value. */
import crossFetch from 'cross-fetch';
import { gzipSync } from 'node:zlib';
import { describe, it } from 'vitest';
import { fetchTransport } from '../../src/index.js';
import { survives, poison, seldom, type Expected } from '../support/ordeal.js';
import { cut, drip, envelope, hang, raw, render, type Action, type Reply } from '../support/scripted-server.js';
import { until } from '../support/journey.js';

/** The correct answer, but with the value that no observer may see. */
const poisoned = (reply: Reply): Reply => ({ ...reply, body: String(reply.body).replaceAll(/"intValue":\d+,"stringValue":"\d+"/g, `"intValue":${poison},"stringValue":"${poison}"`) });

/** A complete envelope in the first part of a body whose announced length is larger; then the connection ends. */
const wholeButShort =
  (how: 'reset' | 'close'): Action =>
  ({ socket, serve }) => {
    const { body = '' } = poisoned(serve());
    const head = `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body) + 500}\r\n\r\n`;
    socket.write(head + String(body), () => (how === 'reset' ? socket.resetAndDestroy() : socket.end()));
  };

const chunked = (text: string): string => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
const chunkedHead = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n';

const broken: [string, Action, Expected][] = [
  ['F08: a reset in mid-body', cut('reset', 0.7), { reports: /got no answer/ }],
  ['F08: a reset after a complete envelope', wholeButShort('reset'), { reports: /got no answer/ }],
  ['F09: a close in mid-body', cut('close', 0.7), { reports: /got no answer/ }],
  ['F09: a close after a complete envelope', wholeButShort('close'), { reports: /got no answer/ }],
  ['F09: a close without the last chunk', ({ socket, serve }) => socket.end(chunkedHead + chunked(String(poisoned(serve()).body))), { reports: /got no answer/ }],
];

describe('half an answer is a failure', () => {
  it.each(broken)('%s', async (_, fault, expected) => {
    await survives(fault, expected);
  });
});

describe('slow answers', () => {
  const quickly = { request: { timeout: 200 } };
  const timedOut = { reports: /timed out after 200 ms/, kind: 'timeout' };

  it.each<[string, Action]>([
    ['F11: headers that arrive very slowly', drip(5)],
    ['F12: a body that arrives byte by byte, never idle for long', drip(5, 'body')],
    ['F13: no answer for ever', hang],
  ])('%s is aborted at the deadline of the whole request', async (_, fault) => {
    const { server } = await survives(fault, timedOut, quickly);
    await until('its sockets are let go', () => server.sockets.open <= 1);
  });

  it('F22: an answer in chunks of one byte is only slower', async () => {
    await survives(drip(0), { reports: undefined });
  });
});

/** Bytes before or behind the answer. */
const around = (before: string, behind: string): Action => ({ socket, serve }) => socket.write(Buffer.concat([Buffer.from(before), render(serve()), Buffer.from(behind)]));
const stray = render({ body: envelope({ statistics: [{ name: 'Total_Answered', objectId: 'Sales@SIP', objectType: 'Queue', value: { intValue: poison } }] }) }).toString();

describe('F15: bytes around an answer are never mixed with it', () => {
  it.each<[string, Action, Expected]>([
    ['102 first', around('HTTP/1.1 102 Processing\r\n\r\n', ''), { reports: undefined }],
    ['103 first', around('HTTP/1.1 103 Early Hints\r\nlink: </x>; rel=preload\r\n\r\n', ''), { reports: undefined }],
    ['a 100 first, which the fetch of Node does not accept', around('HTTP/1.1 100 Continue\r\n\r\n', ''), { reports: /bad response/ }],
    ['junk behind it', around('', 'JUNK'), { reports: undefined }],
    ['another answer behind it', around('', stray), { reports: undefined }],
  ])('%s', async (_, fault, expected) => {
    await survives(fault, expected);
  });

  it('another answer a little later, when no request waits', async () => {
    await survives(({ socket, send, serve }) => {
      send(serve());
      setTimeout(() => socket.write(stray), 5);
    }, { reports: undefined }, seldom);
  });
});

describe('F16: an answer that is not HTTP is unreadable', () => {
  const expected = { reports: /got no answer/, kind: 'unreadable' };
  const crossFetching = { transport: fetchTransport(crossFetch) };
  const cases: [string, Action][] = [
    ['another protocol', raw('SSH-2.0-OpenSSH_9.6\r\n')],
    ['a chunk of no size', raw(chunkedHead, 'zz\r\n{}\r\n')],
    ['a head of 20 KB', raw(`HTTP/1.1 200 OK\r\nx: ${'x'.repeat(20_000)}\r\ncontent-length: 2\r\n\r\n{}`)],
    ['three thousand headers', raw(`HTTP/1.1 200 OK\r\n${'x-more: 1\r\n'.repeat(3000)}content-length: 2\r\n\r\n{}`)],
    ['F113: two lengths, as in request smuggling', raw('HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 9\r\n\r\n{}')],
    ['F113: a length and chunks', raw('HTTP/1.1 200 OK\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n')],
  ];

  it.each(cases)('%s', async (_, fault) => {
    await survives(fault, expected);
  });

  it.each(cases)('%s, by cross-fetch', async (_, fault) => {
    await survives(fault, expected, crossFetching);
  });
});

const encoded = (encoding: string, encode: (body: Buffer) => Buffer): Action => ({ send, serve }) => {
  const { body = '' } = serve();
  send({ headers: { 'content-encoding': encoding }, body: encode(Buffer.from(body)) });
};
const layers = (count: number) => (body: Buffer): Buffer => (count === 0 ? body : layers(count - 1)(gzipSync(body)));

describe('F19: encodings', () => {
  it.each<[string, Action, Expected]>([
    ['gzip', encoded('gzip', gzipSync), { reports: undefined }],
    ['gzip five times over', encoded(Array.from({ length: 5 }, () => 'gzip').join(', '), layers(5)), { reports: undefined }],
    ['gzip ten times over, which the fetch of Node does not accept', encoded(Array.from({ length: 10 }, () => 'gzip').join(', '), layers(10)), { reports: /too many content-encodings/, kind: 'unreadable' }],
    ['an unknown one', encoded('x-unknown', gzipSync), { reports: /UTF-8|no usable JSON/, kind: 'unreadable' }],
    ['plain text declared as gzip', encoded('gzip', (body) => body), { reports: /got no answer/, kind: 'unreadable' }],
    ['ten layers declared, one present', encoded(Array.from({ length: 10 }, () => 'gzip').join(', '), gzipSync), { reports: /got no answer/, kind: 'unreadable' }],
    ['gzip that breaks off, in a body of the announced length', encoded('gzip', (body) => gzipSync(body).subarray(0, 40)), { reports: /no usable JSON/, kind: 'unreadable' }],
  ])('%s', async (_, fault, expected) => {
    await survives(fault, expected);
  });
});
