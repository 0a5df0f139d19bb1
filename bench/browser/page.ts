/**
 * The program in the page: this library over a `fetch` that answers from memory. Bodies are made in advance, so that only the work of
 * the page is measured. Owns one run, step by step; its driver does the measuring.
 */
import { createStatisticsClient, fetchTransport, type StatisticsClient, type StatisticValue } from 'genesys-statistics-rx';
import { requestAll, type Requested } from '../job.ts';
import { createTally } from '../tally.ts';
import { createValues, type Tally, type Values } from '../values.ts';

export interface BrowserLoad {
  readonly statistics: number;
  /** The share of the statistics that changes at each poll. */
  readonly share: number;
  /** Polls before anything is measured. */
  readonly warmUp: number;
  /** Polls that are measured. */
  readonly polls: number;
}

/** The steps of a run, which the driver calls. After every step except the last, the client waits for an answer. */
export interface BrowserRun {
  /** Subscribes an observer for each statistic, and warms up. */
  start(load: BrowserLoad): Promise<void>;
  poll(): Promise<void>;
  end(): Promise<{ readonly told: Tally; readonly expected: Tally }>;
}

function answer(data: string | Uint8Array<ArrayBuffer>): Response {
  return new Response(typeof data === 'string' ? `{"status":{"code":0},"data":${data}}` : data, { headers: { 'cache-control': 'no-store' } });
}

/** Answers one subscription's opening and a number of polls at a time, and holds the poll after them. */
function createServer(values: Values, polls: number) {
  let bodies: readonly Uint8Array<ArrayBuffer>[] = [];
  let answered = 0;
  let allowed = 0;
  let release = (): void => undefined;
  let held = (): void => undefined;

  function open(statistics: readonly { readonly statisticId: string }[]): Response {
    const source = values.subscription(statistics.map(({ statisticId }, statistic) => ({ statistic, statisticId })));
    const first = source.next();
    const encoder = new TextEncoder();
    bodies = Array.from({ length: polls }, () => encoder.encode(`{"status":{"code":0},"data":{"statistics":[${source.next()}]}}`));
    return answer(`{"statistics":[${first}]}`);
  }

  return {
    async fetch(_: string, { method, body }: RequestInit): Promise<Response> {
      if (method === 'POST') {
        return open((JSON.parse(body as string) as { data: { statistics: { statisticId: string }[] } }).data.statistics);
      }
      if (method === 'DELETE') {
        return answer('{}');
      }
      if (answered === allowed) {
        await new Promise<void>((resolve) => {
          release = resolve;
          held();
        });
      }
      return answer(bodies[answered++] ?? '{}');
    },
    /** Resolves when this number of further polls is answered and the next one is held. */
    async serve(count: number): Promise<void> {
      allowed += count;
      const rest = new Promise<void>((resolve) => (held = resolve));
      release();
      await rest;
    },
  };
}

function createRun(): BrowserRun {
  const tally = createTally();
  let load: BrowserLoad;
  let values: Values;
  let server: ReturnType<typeof createServer>;
  let client: StatisticsClient;

  return {
    async start(given) {
      load = given;
      const definitions: readonly Requested[] = requestAll(load.statistics);
      values = createValues({ definitions, observers: load.statistics, change: { by: 'reads', share: load.share } });
      server = createServer(values, load.warmUp + load.polls);
      client = createStatisticsClient({
        baseUrl: 'https://host/statistics/v3',
        transport: fetchTransport(server.fetch),
        poll: { interval: 1, maxInterval: 1 },
        batch: { size: load.statistics },
        request: { timeout: 600_000 },
      });
      definitions.forEach(({ name, ...object }, number) => {
        client.statistic$(name, object).subscribe(tally.observe(number) as (value: StatisticValue) => void);
      });
      await server.serve(load.warmUp);
    },
    poll: () => server.serve(load.polls),
    async end() {
      void server.serve(1);
      await client.close();
      return { told: tally.now(), expected: values.expected };
    },
  };
}

Object.assign(globalThis, { run: createRun() });
