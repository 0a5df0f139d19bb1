/**
 * A small Statistics API on a real socket, controlled by a script: a function of the test decides the answer to each request, down to
 * its bytes. Other requests are served correctly. Tests judge by its ledger. Complements the simulator, which sends only valid HTTP.
 * Knows nothing of the client.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { onTestFinished } from 'vitest';

export type Operation = 'open' | 'read' | 'close' | 'peek' | 'peekMany' | 'other';

/** One request as it arrived. */
export interface ScriptedRequest {
  /** The number of this request, from 1. */
  readonly number: number;
  /** The number of its connection, from 1. */
  readonly connection: number;
  /** Its place on that connection, from 1. Above 1, it came on a socket that was kept alive. */
  readonly place: number;
  readonly method: string;
  /** Path and query, as in the request line. */
  readonly target: string;
  readonly operation: Operation;
  /** The id of the subscription that is read or closed. */
  readonly id: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Monotonic milliseconds. */
  readonly at: number;
}

export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Buffer;
}

/** The tools of an action. */
export interface Wire {
  readonly socket: Socket;
  readonly request: ScriptedRequest;
  /** Processes the request, and returns the correct answer without sending it. */
  serve(): Reply;
  send(reply: Reply): void;
}

/** A reply, or a function that does anything else with the socket. */
export type Action = Reply | ((wire: Wire) => void);
/** Returns the action for a request; `undefined` to serve it correctly. */
export type Script = (request: ScriptedRequest) => Action | undefined;

export interface Asked {
  readonly statisticId: string;
  readonly name?: string;
  readonly objectId: string;
  readonly objectType: string;
}

/** One node of a cluster: its open subscriptions and its statistics. */
export interface ServerNode {
  readonly opened: string[];
  readonly deleted: string[];
  readonly open: Map<string, readonly Asked[]>;
  /** The number of each statistic by name, 0 by default. */
  readonly values: Record<string, number>;
  timestamp: number;
  serve(request: ScriptedRequest): Reply;
}

export interface ScriptedServer {
  readonly url: string;
  readonly port: number;
  readonly node: ServerNode;
  readonly requests: ScriptedRequest[];
  /** The numbers of sockets: of all so far, of those open now, and the most that were open at once. */
  readonly sockets: { all: number; open: number; most: number };
  /** Decides from now on; `undefined` serves everything correctly. */
  script: Script | undefined;
  of(operation: Operation): ScriptedRequest[];
  close(): Promise<void>;
}

const base = '/statistics/v3';

export function envelope(data: unknown, status: unknown = { code: 0 }): string {
  return JSON.stringify({ status, ...(data === undefined ? {} : { data }) });
}

/** @param ids - the id of a subscription: the client's `operationId`, or one that the server makes up. */
export function createNode(ids: 'client' | 'server' = 'client'): ServerNode {
  const node: ServerNode = {
    opened: [],
    deleted: [],
    open: new Map(),
    values: {},
    timestamp: 1_800_000_000_000,
    serve({ operation, id, body, target }) {
      if (operation === 'open') {
        const { operationId, data } = JSON.parse(body) as { operationId: string; data: { statistics: Asked[] } };
        const opened = ids === 'client' ? operationId : `made-${node.opened.length + 1}`;
        node.opened.push(opened);
        node.open.set(opened, data.statistics);
        return { body: envelope({ subscriptionId: opened, statistics: data.statistics.map(valueOf) }) };
      }
      if (operation === 'read') {
        const wanted = new URL(target, 'http://host').searchParams.get('statisticIds')?.split(',');
        const statistics = node.open.get(id)?.filter(({ statisticId }) => wanted?.includes(statisticId) ?? true);
        return statistics === undefined
          ? { status: 404, body: envelope(undefined, { code: 404, message: 'no such subscription' }) }
          : { body: envelope({ subscriptionId: id, statistics: statistics.map(valueOf) }) };
      }
      if (operation === 'peek') {
        const { pathname, searchParams } = new URL(target, 'http://host');
        return { body: envelope({ statistic: valueOf({ name: pathname.split('/')[4] ?? '', ...Object.fromEntries(searchParams) } as Asked) }) };
      }
      if (operation === 'peekMany') {
        const { data } = JSON.parse(body) as { data: { statistics: Asked[] } };
        return { body: envelope({ statistics: data.statistics.map(valueOf) }) };
      }
      if (operation === 'close') {
        node.deleted.push(id);
        node.open.delete(id);
      }
      return { body: envelope(undefined) };
    },
  };
  const valueOf = (asked: Asked): object => {
    const value = node.values[asked.name ?? ''] ?? 0;
    return { ...asked, timestamp: node.timestamp, value: { intValue: value, stringValue: String(value) } };
  };
  return node;
}

/** A reply as bytes. */
export function render({ status = 200, headers = {}, body = '' }: Reply): Buffer {
  const all = { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)), ...headers };
  const lines = Object.entries(all).flatMap(([name, value]) => [value].flat().map((each) => `${name}: ${each}\r\n`));
  return Buffer.concat([Buffer.from(`HTTP/1.1 ${status} Because\r\n${lines.join('')}\r\n`, 'latin1'), Buffer.from(body)]);
}

export interface ScriptedServerOptions {
  readonly host?: string;
  readonly port?: number;
  readonly tls?: TlsOptions;
  readonly node?: ServerNode;
}

/** Starts a server, which ends with the test. */
export async function startScriptedServer({ host = '127.0.0.1', port = 0, tls, node = createNode() }: ScriptedServerOptions = {}): Promise<ScriptedServer> {
  const open = new Set<Socket>();
  const server: Server = tls === undefined ? createServer(accept) : createTlsServer(tls, accept);
  const requests: ScriptedRequest[] = [];
  const sockets = { all: 0, open: 0, most: 0 };

  function accept(socket: Socket): void {
    const connection = ++sockets.all;
    open.add(socket);
    sockets.open = open.size;
    sockets.most = Math.max(sockets.most, open.size);
    socket.setNoDelay(true);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      open.delete(socket);
      sockets.open = open.size;
    });
    let place = 0;
    readRequests(socket, (message) => {
      const request = { ...message, number: requests.length + 1, connection, place: ++place, at: performance.now() };
      requests.push(request);
      const send = (reply: Reply): void => void socket.write(render(reply));
      const action = scripted.script?.(request) ?? node.serve(request);
      if (typeof action === 'function') {
        action({ socket, request, send, serve: () => node.serve(request) });
      } else {
        send(action);
      }
    });
  }

  await new Promise<void>((resolve) => server.listen(port, host, resolve));
  const listening = (server.address() as AddressInfo).port;
  const scripted: ScriptedServer = {
    url: `${tls === undefined ? `http://${host}` : 'https://localhost'}:${listening}${base}`,
    port: listening,
    node,
    requests,
    sockets,
    script: undefined,
    of: (operation) => requests.filter((request) => request.operation === operation),
    close: () =>
      new Promise((resolve) => {
        open.forEach((socket) => socket.destroy());
        server.close(() => resolve());
      }),
  };
  onTestFinished(() => scripted.close());
  return scripted;
}

type Message = Omit<ScriptedRequest, 'number' | 'connection' | 'place' | 'at'>;

/** The minimum of HTTP/1.1 that can read the requests of these tests: a head, and a body of the announced length. */
function readRequests(socket: Socket, handle: (message: Message) => void): void {
  let bytes = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    bytes = Buffer.concat([bytes, chunk]);
    for (let end = bytes.indexOf('\r\n\r\n'); end !== -1; end = bytes.indexOf('\r\n\r\n')) {
      const [first = '', ...lines] = bytes.subarray(0, end).toString('latin1').split('\r\n');
      const headers = Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]));
      const stop = end + 4 + Number(headers['content-length'] ?? 0);
      if (bytes.length < stop) {
        return;
      }
      const body = bytes.subarray(end + 4, stop).toString();
      bytes = bytes.subarray(stop);
      const [method = '', target = ''] = first.split(' ');
      handle({ method, target, headers, body, ...routeOf(method, target) });
    }
  });
}

function routeOf(method: string, target: string): { operation: Operation; id: string } {
  const [, , , resource, id = ''] = (target.split('?')[0] ?? '').split('/');
  const operations: Record<string, Operation> = {
    'POST subscriptions': 'open',
    'GET subscriptions': 'read',
    'DELETE subscriptions': 'close',
    'GET statistic-values': 'peek',
    'POST operations': 'peekMany',
  };
  return { operation: operations[`${method} ${resource ?? ''}`] ?? 'other', id: decodeURIComponent(id) };
}

// -- actions -------------------------------------------------------------------------------------------------------

/** Never answers. */
export const hang: Action = () => undefined;

/** Resets the connection instead of answering. */
export const reset: Action = ({ socket }) => void socket.resetAndDestroy();

/** Processes the request, and loses the answer. */
export const lose: Action = ({ socket, serve }) => {
  serve();
  socket.resetAndDestroy();
};

/** Writes these bytes unchanged, and keeps the connection. */
export const raw =
  (...pieces: (string | Buffer)[]): Action =>
  ({ socket }) =>
    pieces.forEach((piece) => socket.write(piece));

/** Writes the first `share` of the correct answer's bytes, then ends the connection in this way. */
export const cut =
  (how: 'reset' | 'close', share = 0.5): Action =>
  ({ socket, serve }) => {
    const bytes = render(serve());
    socket.write(bytes.subarray(0, Math.floor(bytes.length * share)), () => (how === 'reset' ? socket.resetAndDestroy() : socket.end()));
  };

/** Sends the correct answer byte by byte, one every `every` milliseconds; with `'body'`, only from the body on. */
export const drip =
  (every: number, from: 'head' | 'body' = 'head'): Action =>
  ({ socket, serve }) => {
    const bytes = render(serve());
    let at = from === 'head' ? 0 : bytes.indexOf('\r\n\r\n') + 4;
    socket.write(bytes.subarray(0, at));
    const next = (): void => {
      if (at < bytes.length && !socket.destroyed) {
        socket.write(bytes.subarray(at, ++at), () => (every === 0 ? setImmediate(next) : setTimeout(next, every)));
      }
    };
    next();
  };

/** Sends the correct answer with a change. */
export const altered =
  (change: (reply: Reply) => Reply): Action =>
  ({ send, serve }) =>
    send(change(serve()));

/** Makes a script that applies an action to the first `times` requests of some operations. All others are served. */
export function take(operations: Operation | readonly Operation[], action: Action, times = Number.POSITIVE_INFINITY): Script {
  const taken = [operations].flat();
  let left = times;
  return ({ operation }) => (taken.includes(operation) && left-- > 0 ? action : undefined);
}
