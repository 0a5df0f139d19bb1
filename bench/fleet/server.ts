/** A server whose cost is not measured. It keeps subscriptions, and changes a share of all values with each round of reads. */
import { createServer, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

export interface Server {
  readonly url: string;
  /** The number of answered reads. */
  readonly polls: number;
  end(): Promise<void>;
}

interface Kept {
  readonly statistics: readonly Record<string, unknown>[];
  reads: number;
}

/** @param share - the share of values that changes with each read, above 0. */
export async function startServer(share: number): Promise<Server> {
  const open = new Map<string, Kept>();
  let polls = 0;

  function answer(subscriptionId: string, { statistics, reads }: Kept): string {
    const every = Math.round(1 / share);
    const values = statistics.map((statistic, at) => {
      const number = Math.floor((reads + (at % every)) / every);
      return { ...statistic, timestamp: 1_800_000_000_000 + reads * 1000, value: { intervalLength: 0, tag: -1, stringValue: String(number), timestamp: 0, intValue: number } };
    });
    return JSON.stringify({ status: { code: 0 }, data: { subscriptionId, statistics: values } });
  }

  async function textOf(request: IncomingMessage): Promise<string> {
    let text = '';
    for await (const chunk of request.setEncoding('utf8')) {
      text += String(chunk);
    }
    return text;
  }

  const server = createServer((request, response) => {
    void (async () => {
      const [, , , , given = ''] = (request.url ?? '').split(/[/?]/);
      const body = await textOf(request);
      response.setHeader('content-type', 'application/json');
      if (request.method === 'POST') {
        const { operationId, data } = JSON.parse(body) as { operationId: string; data: { statistics: Record<string, unknown>[] } };
        const kept = { statistics: data.statistics, reads: 0 };
        open.set(operationId, kept);
        response.end(answer(operationId, kept));
      } else if (request.method === 'DELETE') {
        open.delete(given);
        response.end('{"status":{"code":0}}');
      } else {
        const kept = open.get(given) ?? { statistics: [], reads: 0 };
        kept.reads++;
        polls++;
        response.end(answer(given, kept));
      }
    })();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/statistics/v3`,
    get polls() {
      return polls;
    },
    async end() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
