/**
 * One process of a measured fleet. It observes the statistics of its job, and checks every value that it sees. It answers commands,
 * which follow the job on its standard input, one per line: `report`, `cut` and `heal` (its way to the server), `end`.
 */
import { createInterface } from 'node:readline';
import { createStatisticsClient, numberOf, type StatisticsClient, type StatisticsClientOptions, type Transport } from 'genesys-statistics-rx';
import { createFleetClient } from 'genesys-statistics-rx/fleet';
import { redisBus } from 'genesys-statistics-rx/redis';

export interface Job {
  readonly baseUrl: string;
  /** The URL of the Redis. Without it, the client is an ordinary one. */
  readonly redis?: string;
  readonly lease?: number;
  readonly options: Partial<Pick<StatisticsClientOptions, 'poll' | 'retry' | 'request' | 'sharing' | 'batch'>>;
  /** The queues whose waiting calls are observed, one by one. A number below the last one counts as older, so a measurement only raises them. */
  readonly queues: readonly string[];
  /** Whether `cut` and `heal` have an effect. */
  readonly cuttable?: boolean;
  /** Two queues that are observed as a set, and always have the same number. */
  readonly pair?: readonly [string, string];
}

export interface Report {
  /** For the first queue: each number, and the epoch milliseconds at which it came. */
  readonly seen: readonly (readonly [number, number])[];
  readonly count: number;
  /** The number of queues that have had a value. */
  readonly answered: number;
  readonly errors: number;
  readonly older: number;
  readonly equal: number;
  readonly mixed: number;
  /** Milliseconds of CPU since the last report. */
  readonly cpu: number;
  readonly leads: boolean;
}

const input = createInterface(process.stdin);
const lines = input[Symbol.asyncIterator]();
const job = JSON.parse((await lines.next()).value as string) as Job;
const tally = { count: 0, answered: 0, errors: 0, older: 0, equal: 0, mixed: 0 };
let seen: [number, number][] = [];
let isCut = false;
let polls = 0;
let usage = process.cpuUsage();

const cuttable: Transport = async ({ url, method, headers, body }, signal) => {
  if (isCut) {
    throw new Error('cut off from the server');
  }
  const response = await fetch(url, { method, headers, signal, ...(body === undefined ? {} : { body }) });
  return { status: response.status, headers: Object.fromEntries(response.headers), body: await response.text() };
};

function start(): StatisticsClient {
  const { baseUrl, redis, lease, options } = job;
  const common = { baseUrl, ...options, ...(job.cuttable === true ? { transport: cuttable } : {}) };
  return redis === undefined ? createStatisticsClient(common) : createFleetClient({ ...common, bus: redisBus({ url: redis, prefix: 'bench' }), ...(lease === undefined ? {} : { lease }) });
}

const client = start();
client.events$.subscribe(({ type }) => type === 'polled' && polls++);

job.queues.forEach((objectId, index) => {
  let last: number | undefined;
  client.statistic$('Current_In_Queue', { objectId, objectType: 'Queue' }).subscribe({
    next({ value }) {
      const number = numberOf(value) ?? NaN;
      tally.count++;
      tally.answered += last === undefined ? 1 : 0;
      tally.equal += number === last ? 1 : 0;
      tally.older += last !== undefined && number < last ? 1 : 0;
      last = number;
      if (index === 0) {
        seen.push([number, performance.timeOrigin + performance.now()]);
      }
    },
    error: () => tally.errors++,
  });
});

if (job.pair !== undefined) {
  const [a, b] = job.pair.map((objectId) => ({ name: 'Current_In_Queue', objectId, objectType: 'Queue' as const }));
  client.subscription$({ a: a as NonNullable<typeof a>, b: b as NonNullable<typeof b> }).subscribe({
    next: (snapshot) => (tally.mixed += numberOf(snapshot.a.value) === numberOf(snapshot.b.value) ? 0 : 1),
    error: () => tally.errors++,
  });
}

function report(): Report {
  const { user, system } = process.cpuUsage(usage);
  usage = process.cpuUsage();
  const given = { ...tally, seen, cpu: (user + system) / 1000, leads: polls > 0 };
  seen = [];
  polls = 0;
  return given;
}

for await (const line of { [Symbol.asyncIterator]: () => lines }) {
  if (line === 'report') {
    process.stdout.write(`${JSON.stringify(report())}\n`);
  } else if (line === 'end') {
    await client.close();
    break;
  } else {
    isCut = line === 'cut';
  }
}
process.exit();
