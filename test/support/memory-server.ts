/**
 * A Statistics API in memory, as a Transport: answers at once, keeps a ledger, fails on request. For tests in virtual time, in which
 * a socket would need real time.
 */
import type { Transport, TransportRequest, TransportResponse } from '../../src/index.js';

export interface MemoryServer {
  readonly transport: Transport;
  readonly requests: Recorded[];
  readonly opened: string[];
  readonly deleted: string[];
  /** The present number of every statistic. */
  value: number;
  /** Numbers of single statistics instead of {@link value}, by name. */
  readonly values: Map<string, number>;
  /** The timestamps of values by name, in epoch milliseconds, 0 unless set. */
  readonly times: Map<string, number>;
  /** The names of statistics that answers lack. */
  readonly omitted: Set<string>;
  /**
   * Answers instead of the server, if it returns anything. A rejection is a failure of the network. `'lost'`: the request is
   * processed and its answer reset. `'silent'`: it is processed and never answered.
   */
  fault: ((request: TransportRequest) => TransportResponse | Promise<TransportResponse> | 'lost' | 'silent' | undefined) | undefined;
  forget(): void;
  count(method: string): number;
  /** The number of statistics in each open subscription. */
  sizes(): number[];
}

/** A request as it arrived. */
export interface Recorded {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly at: number;
  /** The number of statistics in its body. */
  readonly statistics: number;
}

interface Asked {
  readonly name?: string;
  readonly objectId: string;
  readonly objectType: string;
  readonly statisticId?: string;
}

export function reply(status: number, body: unknown = { status: { code: 0 } }, headers: Record<string, string> = {}): TransportResponse {
  return { status, headers, body: typeof body === 'string' ? body : JSON.stringify(body) };
}

/** The statistics in the body of a request. */
export function askedFor({ body }: TransportRequest): readonly Asked[] {
  return body === undefined ? [] : (JSON.parse(body) as { data: { statistics: Asked[] } }).data.statistics;
}

export function createMemoryServer(monotonic: () => number): MemoryServer {
  const open = new Map<string, readonly Asked[]>();
  const values = (list: readonly Asked[]): unknown[] =>
    list.filter(({ name = '' }) => !server.omitted.has(name)).map((each) => ({ ...each, timestamp: server.times.get(each.name ?? '') ?? 0, value: { intValue: server.values.get(each.name ?? '') ?? server.value } }));
  const server: MemoryServer = {
    requests: [],
    opened: [],
    deleted: [],
    value: 0,
    values: new Map(),
    times: new Map(),
    omitted: new Set(),
    fault: undefined,
    forget: () => open.clear(),
    count: (method) => server.requests.filter((request) => request.method === method).length,
    sizes: () => [...open.values()].map(({ length }) => length),
    async transport(request, signal) {
      signal.throwIfAborted();
      const { pathname, searchParams } = new URL(request.url);
      const path = pathname.replace('/statistics/v3', '');
      server.requests.push({ method: request.method, path, query: searchParams.toString(), at: monotonic(), statistics: askedFor(request).length });
      const instead = server.fault?.(request);
      if (instead !== undefined && typeof instead !== 'string') {
        return instead;
      }
      const answer = process(request, path, searchParams.get('statisticIds')?.split(','));
      if (instead === 'lost') {
        throw new Error('reset');
      }
      return instead === 'silent' ? new Promise(() => undefined) : answer;
    },
  };

  function process(request: TransportRequest, path: string, ids: readonly string[] | undefined): TransportResponse {
    const id = path.split('/')[2] ?? '';
    if (path.startsWith('/operations')) {
      return reply(200, { status: { code: 0 }, data: { statistics: values(askedFor(request)) } });
    }
    if (request.method === 'POST') {
      const { operationId } = JSON.parse(request.body ?? '') as { operationId: string };
      open.set(operationId, askedFor(request));
      server.opened.push(operationId);
      return reply(200, { status: { code: 0 }, data: { subscriptionId: operationId, statistics: values(askedFor(request)) } });
    }
    if (request.method === 'DELETE') {
      open.delete(id);
      server.deleted.push(id);
      return reply(200);
    }
    const list = open.get(id)?.filter(({ statisticId }) => ids?.includes(statisticId ?? '') ?? true);
    return list === undefined ? reply(404) : reply(200, { status: { code: 0 }, data: { subscriptionId: id, statistics: values(list) } });
  }
  return server;
}
