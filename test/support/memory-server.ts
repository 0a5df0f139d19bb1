/**
 * A Statistics API in memory, as a Transport: answers in no time, keeps a ledger, fails as told. For tests in virtual
 * time, where a socket would need real time.
 */
import type { Transport, TransportRequest, TransportResponse } from '../../src/index.js';

export interface MemoryServer {
  readonly transport: Transport;
  readonly requests: { readonly method: string; readonly path: string; readonly at: number }[];
  readonly opened: string[];
  readonly deleted: string[];
  /** The number every statistic has now. */
  value: number;
  /**
   * Answers instead, for as long as it gives something; a rejection is a failure of the network. `'lost'`: the request is
   * processed and its answer reset; `'silent'`: processed, and never answered.
   */
  fault: ((request: TransportRequest) => TransportResponse | Promise<TransportResponse> | 'lost' | 'silent' | undefined) | undefined;
  forget(): void;
  count(method: string): number;
}

export function reply(status: number, body: unknown = { status: { code: 0 } }, headers: Record<string, string> = {}): TransportResponse {
  return { status, headers, body: typeof body === 'string' ? body : JSON.stringify(body) };
}

export function createMemoryServer(monotonic: () => number): MemoryServer {
  const open = new Map<string, { statisticId: string }[]>();
  const values = (list: { statisticId: string }[]): unknown[] => list.map((each) => ({ ...each, timestamp: 0, value: { intValue: server.value } }));
  const server: MemoryServer = {
    requests: [],
    opened: [],
    deleted: [],
    value: 0,
    fault: undefined,
    forget: () => open.clear(),
    count: (method) => server.requests.filter((request) => request.method === method).length,
    async transport(request, signal) {
      signal.throwIfAborted();
      const path = new URL(request.url).pathname.replace('/statistics/v3', '');
      server.requests.push({ method: request.method, path, at: monotonic() });
      const instead = server.fault?.(request);
      if (instead !== undefined && typeof instead !== 'string') {
        return instead;
      }
      const answer = process(request, path);
      if (instead === 'lost') {
        throw new Error('reset');
      }
      return instead === 'silent' ? new Promise(() => undefined) : answer;
    },
  };

  function process(request: TransportRequest, path: string): TransportResponse {
    const id = path.split('/')[2] ?? '';
    if (request.method === 'POST') {
      const { operationId, data } = JSON.parse(request.body ?? '') as { operationId: string; data: { statistics: { statisticId: string }[] } };
      open.set(operationId, data.statistics);
      server.opened.push(operationId);
      return reply(200, { status: { code: 0 }, data: { subscriptionId: operationId, statistics: values(data.statistics) } });
    }
    if (request.method === 'DELETE') {
      open.delete(id);
      server.deleted.push(id);
      return reply(200);
    }
    const list = open.get(id);
    return list === undefined ? reply(404) : reply(200, { status: { code: 0 }, data: { subscriptionId: id, statistics: values(list) } });
  }
  return server;
}
