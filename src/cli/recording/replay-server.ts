/** Serves a recording: its values and its failures, at their times. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { routeOf, type Asked, type Timeline } from './timeline.js';

export interface ReplayServer extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
}

export interface ReplayOptions {
  readonly port: number;
  /** Recorded milliseconds per millisecond. */
  readonly speed: number;
  /** Monotonic milliseconds. */
  readonly now: () => number;
}

interface OpenSubscription {
  readonly asked: readonly Asked[];
  /** The time of the opening, in milliseconds of the recording. */
  readonly since: number;
}

const base = '/statistics/v3';
const maxBody = 16 * 1024 * 1024;

/** Serves a recording. Its time begins with the first request. Rejects with the system's error if the port is not available. */
export async function startReplay(timeline: Timeline, { port, speed, now }: ReplayOptions): Promise<ReplayServer> {
  const open = new Map<string, OpenSubscription>();
  let start: number | undefined;

  function answer(request: IncomingMessage, body: string, response: ServerResponse): void {
    start ??= now();
    const time = (now() - start) * speed;
    const target = request.url ?? '';
    const { operation, id, asked, verbose, ids } = routeOf(request.method ?? '', target.slice(base.length), body);
    if (!target.startsWith(`${base}/`) || operation === undefined) {
      send(response, 404, failure(404, 'there is nothing at this path'));
      return;
    }
    const failed = timeline.failureAt(operation, time);
    if (failed !== undefined) {
      if (failed.status === undefined) {
        request.socket.destroy();
        return;
      }
      send(response, failed.status, failed.answer ?? '', failed.headers);
      return;
    }
    const entries = (statistics: readonly Asked[], named: boolean): object[] =>
      statistics.flatMap((one) => {
        const entry = timeline.entryAt(one, time);
        const { name: _, objectId: __, objectType: ___, ...rest } = entry ?? {};
        return entry === undefined ? [] : [{ ...(named ? one : { statisticId: one.statisticId }), ...rest }];
      });
    const unknown = asked.find((one) => timeline.entryAt(one, time) === undefined);
    if (unknown !== undefined) {
      send(response, 400, failure(400, `the recording has no ${unknown.name ?? 'such definition'} of ${unknown.objectType}/${unknown.objectId}`));
      return;
    }
    switch (operation) {
      case 'open':
        open.set(id, { asked, since: time });
        send(response, 200, success({ subscriptionId: id, statistics: entries(asked, true) }));
        return;
      case 'read': {
        const subscription = open.get(id);
        if (subscription === undefined || timeline.hasForgotten(subscription.since, time)) {
          open.delete(id);
          send(response, 404, failure(404, 'there is no such subscription'));
          return;
        }
        const wanted = ids === undefined ? subscription.asked : subscription.asked.filter(({ statisticId }) => ids.includes(statisticId ?? ''));
        send(response, 200, success({ subscriptionId: id, statistics: entries(wanted, verbose) }));
        return;
      }
      case 'close':
        open.delete(id);
        send(response, 200, success(undefined));
        return;
      case 'peek':
        send(response, 200, success({ statistic: entries(asked, true)[0] }));
        return;
      case 'peekMany':
        send(response, 200, success({ statistics: entries(asked, true) }));
    }
  }

  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => {
      body += chunk;
      if (body.length > maxBody) {
        request.destroy();
      }
    });
    request.on('end', () => answer(request, body, response));
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const { port: listening } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${listening}${base}`,
    port: listening,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

const success = (data: unknown): string => JSON.stringify({ status: { code: 0 }, ...(data === undefined ? {} : { data }) });
const failure = (code: number, message: string): string => JSON.stringify({ status: { code, message } });

function send(response: ServerResponse, status: number, body: string, { 'content-type': type = 'application/json', 'retry-after': retryAfter }: Readonly<Record<string, string>> = {}): void {
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body), ...(retryAfter === undefined ? {} : { 'retry-after': retryAfter }) });
  response.end(body);
}
