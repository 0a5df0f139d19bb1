/**
 * The cost of figures: `npm run bench:kpi`. Prints the CPU that the KPIs of 1,000 queues add to one answer of the server, beside the
 * same client without them. Also prints the CPU of the queueing formulas at 10,000 agents. Ends by itself.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { filter, take, type OperatorFunction } from 'rxjs';
import { createStatisticsClient, type StatisticValue, type Transport } from 'genesys-statistics-rx';
import { abandonRate, agentsNeeded, answerRate, erlangC, forecast, kpi, kpis, serviceLevel } from 'genesys-statistics-rx/kpi';

const queues = 1000;
const pairs = 200;

const median = (numbers: readonly number[]): number => [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? NaN;
const milliseconds = (used: NodeJS.CpuUsage): number => (used.user + used.system) / 1000;

/** Answers like a server on which everything changes between two polls. */
function createTransport(): Transport {
  let opened: readonly Record<string, unknown>[] = [];
  let answers = 0;
  return async ({ method, body = '{}' }) => {
    await Promise.resolve();
    if (method === 'POST') {
      opened = (JSON.parse(body) as { data: { statistics: Record<string, unknown>[] } }).data.statistics;
    }
    const at = Date.now();
    const statistics = opened.map((statistic, index) => ({ ...statistic, timestamp: at + answers, value: 1000 + index + answers }));
    answers++;
    return { status: 200, headers: {}, body: JSON.stringify({ status: { code: 0 }, data: { subscriptionId: 'one', statistics } }) };
  };
}

type Calls = { readonly [Key in 'answeredWithin' | 'answered' | 'abandoned']: StatisticValue };

interface Poll {
  /** Milliseconds of CPU. */
  readonly cpu: number;
  readonly figures: number;
}

/**
 * Computes KPIs at every second poll of one client, so that other work of the machine affects both kinds of polls alike. The first
 * quarter is a warm-up and does not count.
 */
async function costOfPolls(figures: OperatorFunction<Calls, unknown>): Promise<{ readonly without: readonly Poll[]; readonly withKpis: readonly Poll[] }> {
  const client = createStatisticsClient({ baseUrl: 'http://127.0.0.1', transport: createTransport(), poll: { interval: 5, maxInterval: 5 }, batch: { size: queues * 3 } });
  let wanted = false;
  let emitted = 0;
  for (let queue = 0; queue < queues; queue++) {
    const object = { objectId: `queue-${queue}@SIP`, objectType: 'Queue' };
    const sets$ = client.subscription$({
      answeredWithin: { name: 'Answered_Within', ...object },
      answered: { name: 'Total_Answered', ...object },
      abandoned: { name: 'Total_Abandoned', ...object },
    });
    sets$.pipe(filter(() => wanted), figures).subscribe(() => emitted++);
  }
  const polls: [Poll[], Poll[]] = [[], []];
  let [before, emittedBefore] = [process.cpuUsage(), 0];
  client.events$.pipe(filter(({ type }) => type === 'polled'), take(2 * pairs)).subscribe(() => {
    polls[wanted ? 1 : 0].push({ cpu: milliseconds(process.cpuUsage(before)), figures: emitted - emittedBefore });
    wanted = !wanted;
    [before, emittedBefore] = [process.cpuUsage(), emitted];
  });
  while (polls[1].length < pairs) {
    await sleep(10);
  }
  await client.close();
  return { without: polls[0].slice(pairs / 4), withKpis: polls[1].slice(pairs / 4) };
}

/** Milliseconds of CPU for one call. */
function costOfCall(call: () => unknown): number {
  const calls = 50;
  const before = process.cpuUsage();
  for (let count = 0; count < calls; count++) {
    call();
  }
  return milliseconds(process.cpuUsage(before)) / calls;
}

const print = (line: string): boolean => process.stdout.write(`${line}\n`);
const mean = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
for (const [what, figures] of [
  ['one KPI', kpi(serviceLevel)],
  ['three KPIs', kpis({ sl: serviceLevel, lost: abandonRate, reached: answerRate })],
] satisfies [string, OperatorFunction<Calls, unknown>][]) {
  const { without, withKpis } = await costOfPolls(figures);
  const [alone, together] = [without, withKpis].map((polls) => polls.map(({ cpu }) => cpu)) as [number[], number[]];
  const [added, mostly] = [mean(together) - mean(alone), median(together) - median(alone)];
  print(`${withKpis.at(-1)?.figures} queues, ${what} each, one answer: ${added.toFixed(2)} ms of CPU (median ${mostly.toFixed(2)}) beyond the ${mean(alone).toFixed(2)} ms of the client (bar: 1)`);
}

const large = { callsPerHour: 120_000, averageHandlingTime: 298, targetTime: 20 };
print(`10,000 agents: erlangC ${costOfCall(() => erlangC({ traffic: 9_950, agents: 10_000 })).toFixed(2)} ms, forecast ${costOfCall(() => forecast({ ...large, agents: 10_000 })).toFixed(2)} ms, with patience ${costOfCall(() => forecast({ ...large, agents: 10_000, averagePatience: 60 })).toFixed(2)} ms, agentsNeeded ${costOfCall(() => agentsNeeded({ ...large, serviceLevel: 80 })).toFixed(2)} ms (bar: 5)`);
