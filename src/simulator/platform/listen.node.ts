/** The HTTP server: connections, and the effect of each outcome on them. Owns sockets. Does not look at the content of requests and answers. */
import { createServer, STATUS_CODES, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { failed } from '../server/answer.js';
import { MOST_BODY_BYTES, parseBody, tooLarge, type RequestBody } from '../server/body.js';
import { isBodiless } from '../server/head.js';
import type { Listen } from '../server/listener.js';
import type { Incoming, Outcome, RequestHeaders } from '../server/message.js';

/** Milliseconds, longer than any poll interval. Otherwise an idle connection could close just as a request is sent: tests script this fault. */
const KEEP_ALIVE = 120_000;

export const listen: Listen = async (exchange, host, port) => {
  const sockets = new Set<Socket>();
  let accepted = 0;
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE }, (request, response) => {
    void exchange(incomingOf(request, response)).then((outcome) => send(response, outcome));
  });
  server.on('connection', (socket) => {
    accepted++;
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('clientError', refuseHead);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return {
    port: (server.address() as AddressInfo).port,
    get sockets() {
      return { open: sockets.size, accepted };
    },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      const gone = [...sockets].map((socket) => new Promise<void>((resolve) => socket.once('close', () => resolve())));
      for (const socket of sockets) socket.destroy();
      await Promise.all([closed, ...gone]);
    },
  };
};

function incomingOf(request: IncomingMessage, response: ServerResponse): Incoming {
  return {
    method: request.method ?? '',
    target: request.url ?? '',
    headers: flatHeaders(request),
    isLocal: /^(::ffff:)?127\.|^::1$/.test(request.socket.remoteAddress ?? ''),
    body: () => readBody(request),
    get isGone() {
      return response.destroyed;
    },
    onGone: (gone) => void response.once('close', gone),
  };
}

/** Reads a whole body; rejects when the connection breaks. */
async function readBody(request: IncomingMessage): Promise<RequestBody> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    // Reads and drops the rest, so that the client receives the answer.
    if (size <= MOST_BODY_BYTES) chunks.push(chunk);
  }
  return size > MOST_BODY_BYTES ? tooLarge() : parseBody(Buffer.concat(chunks));
}

function send(response: ServerResponse, outcome: Outcome): void {
  if (outcome.kind === 'reset') {
    // A request with an incomplete body has no socket left to reset.
    if (response.socket === null) response.destroy();
    else response.socket.resetAndDestroy();
    return;
  }
  const { kind, status, headers } = outcome;
  const body = Buffer.from(outcome.body);
  response.statusCode = status;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  if (kind === 'half') {
    // Announces the full length, sends half of the body, and closes the connection.
    response.setHeader('Content-Length', String(Math.max(1, body.length)));
    response.write(body.subarray(0, Math.floor(body.length / 2)), () => response.destroy());
    return;
  }
  if (!isBodiless(status)) response.setHeader('Content-Length', String(body.length));
  response.end(body);
}

/** Answers a head that is too large or not HTTP with an error envelope, because it never becomes a request. */
function refuseHead(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const [status, why] = error.code === 'HPE_HEADER_OVERFLOW' ? [431, 'the head of the request is too large'] as const : [400, 'the head of the request is malformed'] as const;
  const body = Buffer.from(failed(status, why, '').body);
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nContent-Type: application/json;charset=utf-8\r\n` +
      `Content-Length: ${body.length}\r\nConnection: close\r\n\r\n${body.toString()}`,
  );
}

function flatHeaders({ headers }: IncomingMessage): RequestHeaders {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, [value].flat().join(', ')]])),
  );
}
