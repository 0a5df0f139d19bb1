/**
 * A Statistics API over real HTTP whose answers a test controls down to the byte. Other requests get the answer of a well-behaved
 * server. Its ledger holds requests as they arrived, without decoding. The simulator shows what a server may do; this one shows what
 * no server should.
 */
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** One request as it arrived. */
export interface Arrived {
  readonly method: string;
  /** The request's target, still encoded. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  /** The same headers with nothing joined or lost: names and values alternate. */
  readonly rawHeaders: readonly string[];
  readonly body: string;
  /** The statistics of an opening or of a peek at many. For a read: those of its opening. */
  readonly statistics: readonly Asked[];
  /** The answer of a well-behaved server. */
  readonly usual: { readonly status: { code: number }; data?: Record<string, unknown> };
}

export interface Asked {
  readonly statisticId?: string;
  readonly name?: string;
  readonly objectId: string;
  readonly objectType: string;
}

export interface Reply {
  readonly status?: number;
  readonly statusMessage?: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** Text and bytes are sent unchanged, anything else as JSON. */
  readonly body?: unknown;
}

export interface HostileServer {
  /** The URL of the API, including its path. */
  readonly url: string;
  readonly port: number;
  readonly requests: Arrived[];
}

/** @param answer - returns the answer to a request; `undefined` for that of a well-behaved server. */
export async function startHostileServer(answer: (request: Arrived) => Reply | undefined = () => undefined): Promise<HostileServer> {
  const requests: Arrived[] = [];
  const open = new Map<string, readonly Asked[]>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      const { method = '', url: target = '', headers, rawHeaders } = request;
      const { statistics, usual } = usualAnswer(open, method, target, body);
      const arrived = { method, target, headers, rawHeaders, body, statistics, usual };
      requests.push(arrived);
      const reply = answer(arrived) ?? { body: usual };
      const given = reply.body ?? usual;
      response.writeHead(reply.status ?? 200, reply.statusMessage, { 'content-type': 'application/json', ...reply.headers } as Record<string, string>);
      response.end(typeof given === 'string' || given instanceof Uint8Array ? given : JSON.stringify(given));
    });
  });
  const port = await listenUntilFinished(server);
  return { url: `http://127.0.0.1:${port}/statistics/v3`, port, requests };
}

function usualAnswer(open: Map<string, readonly Asked[]>, method: string, target: string, body: string): Pick<Arrived, 'statistics' | 'usual'> {
  const status = { code: 0 };
  const path = target.split('?')[0] ?? '';
  const { operationId = '', data } = (body === '' ? {} : JSON.parse(body)) as { operationId?: string; data?: { statistics: Asked[] } };
  if (method === 'DELETE') {
    return { statistics: [], usual: { status } };
  }
  if (path.includes('/statistic-values/')) {
    return { statistics: [], usual: { status, data: { statistic: { timestamp: 1, value: { intValue: 1 } } } } };
  }
  if (method === 'POST') {
    open.set(operationId, data?.statistics ?? []);
  }
  const id = method === 'POST' ? operationId : decodeURIComponent(path.split('/')[4] ?? '');
  const statistics = data?.statistics ?? open.get(id) ?? [...open.values()].at(-1) ?? [];
  const values = statistics.map((asked) => ({ ...asked, timestamp: 1, value: { intValue: 1 } }));
  return { statistics, usual: { status, data: { subscriptionId: id, statistics: values } } };
}

/** Opens a port on loopback that accepts connections and never answers. Records everything that arrives. */
export async function startSilentPort(): Promise<{ readonly port: number; readonly connections: Socket[]; readonly bytes: () => Buffer }> {
  const connections: Socket[] = [];
  const chunks: Buffer[] = [];
  const server = createTcpServer((socket) => {
    connections.push(socket);
    socket.on('error', () => undefined).on('data', (chunk) => chunks.push(chunk));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    connections.forEach((socket) => socket.destroy());
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, connections, bytes: () => Buffer.concat(chunks) };
}

async function listenUntilFinished(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}
