/** The laws of a Transport, run against each implementation over real sockets. */
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import crossFetch from 'cross-fetch';
import { describe, expect, it, onTestFinished } from 'vitest';
import { fetchTransport, type Transport, type TransportResponse } from '../../src/index.js';
import { transportByHttpClient } from '../angular/transport.js';
import { canary } from '../support/canary.js';
import { until } from '../support/journey.js';

const transports: Record<string, Transport> = {
  'the fetch of the platform': fetchTransport((url, init) => fetch(url, init)),
  'cross-fetch': fetchTransport(crossFetch),
  'HttpClient of Angular': transportByHttpClient(),
};

async function serve(listener: RequestListener): Promise<{ url: string; sockets: () => number; requests: string[] }> {
  let sockets = 0;
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method ?? ''} ${request.url ?? ''}`);
    listener(request, response);
  });
  server.on('connection', (socket) => {
    sockets++;
    socket.on('close', () => sockets--);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, sockets: () => sockets, requests };
}

describe.each(Object.entries(transports))('%s', (_, transport) => {
  const send = (url: string, options: { method?: string; body?: string; maxBodyBytes?: number; signal?: AbortSignal } = {}): Promise<TransportResponse> => {
    const { method = 'GET', body, maxBodyBytes = 1024 * 1024, signal = new AbortController().signal } = options;
    return transport({ method, url, headers: { 'x-api-key': canary('key') }, maxBodyBytes, ...(body === undefined ? {} : { body }) }, signal);
  };

  it.each([200, 201, 204, 400, 404, 429, 500, 503])('resolves for a %i, with its body', async (status) => {
    const { url } = await serve((_request, response) => response.writeHead(status, { 'X-Answer': 'a' }).end(status === 204 ? undefined : 'body'));
    const answer = await send(url);
    expect([answer.status, answer.body]).toEqual([status, status === 204 ? '' : 'body']);
    expect(answer.headers['x-answer']).toBe('a');
  });

  it('sends method, headers and body as they are', async () => {
    const { url } = await serve((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => response.end(JSON.stringify([request.method, request.headers['x-api-key'], body])));
    });
    expect(JSON.parse((await send(url, { method: 'POST', body: '{"ü":1}' })).body)).toEqual(['POST', canary('key'), '{"ü":1}']);
    expect(JSON.parse((await send(url, { method: 'DELETE' })).body)).toEqual(['DELETE', canary('key'), '']);
  });

  it.each([301, 302, 303, 307, 308])('F96: never follows a %i', async (status) => {
    const second = await serve((_request, response) => response.end());
    const { url } = await serve((_request, response) => response.writeHead(status, { location: second.url }).end('elsewhere'));
    expect((await send(url)).status).toBe(status);
    expect((await send(url, { method: 'POST', body: '{}' })).status).toBe(status);
    expect(second.requests).toEqual([]);
  });

  it('F17: gives up on a body that unpacks to more than the limit', async () => {
    const bomb = gzipSync(Buffer.alloc(20 * 1024 * 1024));
    const { url } = await serve((_request, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb));
    await expect(send(url)).rejects.toThrow('larger than 1048576 bytes');
  });

  it('F17: and on one that never ends, whose socket it lets go', async () => {
    const { url, sockets } = await serve((_request, response) => {
      const more = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536, 'x'))) {
          // until the other side stops reading
        }
        response.once('drain', more);
      };
      more();
    });
    await expect(send(url)).rejects.toThrow('larger than');
    await until('the socket is closed', () => sockets() === 0);
  });

  it('takes a body of just the limit', async () => {
    const { url } = await serve((_request, response) => response.end('x'.repeat(1000)));
    expect((await send(url, { maxBodyBytes: 1000 })).body).toHaveLength(1000);
    await expect(send(url, { maxBodyBytes: 999 })).rejects.toThrow('larger than 999 bytes');
  });

  it('rejects a body that is not UTF-8, and joins characters that were cut in two', async () => {
    const bytes = Buffer.from('ü€😀');
    const { url } = await serve((request, response) => {
      if (request.url === '/bad') {
        response.end(Buffer.from([0x22, 0xff, 0x22]));
        return;
      }
      response.write(bytes.subarray(0, 1));
      setImmediate(() => response.end(bytes.subarray(1)));
    });
    expect((await send(url)).body).toBe('ü€😀');
    await expect(send(`${url}bad`)).rejects.toThrow('not UTF-8');
  });

  // node-fetch does not notice by itself where there is a Content-Length; the deadline that every request has ends that.
  it('F09: rejects a body that ends early, by its deadline at the latest', async () => {
    const { url } = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('{"half":');
      setImmediate(() => response.destroy());
    });
    await expect(send(url, { signal: AbortSignal.timeout(500) })).rejects.toThrow();
  });

  it('F13: rejects at once when its signal aborts, and lets the socket go', async () => {
    const { url, sockets, requests } = await serve(() => undefined);
    const controller = new AbortController();
    const answer = send(url, { signal: controller.signal });
    await until('it has arrived', () => requests.length === 1);
    controller.abort(new Error('enough'));
    await expect(answer).rejects.toThrow();
    await until('the socket is closed', () => sockets() === 0);
  });

  it('tells each cookie apart', async () => {
    const { url } = await serve((_request, response) => response.writeHead(200, { 'set-cookie': ['a=1; Path=/', 'b=2, 3'] }).end());
    expect((await send(url)).setCookies).toEqual(['a=1; Path=/', 'b=2, 3']);
  });
});
