/**
 * The cost of figures: `npm run bench:kpi`. Prints the CPU that the KPIs of 1,000 queues add to one answer of the server, beside
 * the same client without them; and that of the queueing formulas at 10,000 agents. Ends by itself.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Observable } from 'rxjs';
import { createStatisticsClient, type Transport } from 'genesys-statistics-rx';
import { abandonRate, agentsNeeded, answerRate, erlangC, forecast, kpis, serviceLevel } from 'genesys-statistics-rx/kpi';

const queues = 1000;
const polls = 60;
const rounds = 7;

const median = (numbers: readonly number[]): number => [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? NaN;
const milliseconds = (used: NodeJS.CpuUsage): number => (used.user + used.system) / 1000;

/** Answers as a server would for which everything changes between two polls. */
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

/** Milliseconds of CPU for one poll, and how many figures it brought. */
async function costOfPoll(withKpis: boolean): Promise<{ cpu: number; figures: number }> {
  const client = createStatisticsClient({ baseUrl: 'http://127.0.0.1', transport: createTransport(), poll: { interval: 5, maxInterval: 5 }, batch: { size: queues * 3 } });
  let figures = 0;
  for (let queue = 0; queue < queues; queue++) {
    const object = { objectId: `queue-${queue}@SIP`, objectType: 'Queue' };
    const set$ = client.subscription$({
      answeredWithin: { name: 'Answered_Within', ...object },
      answered: { name: 'Total_Answered', ...object },
      abandoned: { name: 'Total_Abandoned', ...object },
    });
    const figures$: Observable<unknown> = withKpis ? set$.pipe(kpis({ sl: serviceLevel, lost: abandonRate, reached: answerRate })) : set$;
    figures$.subscribe(() => figures++);
  }
  let polled = 0;
  client.events$.subscribe(({ type }) => (polled += type === 'polled' ? 1 : 0));
  const until = async (count: number): Promise<void> => {
    while (polled < count) {
      await sleep(1);
    }
  };
  await until(polls);
  const [before, polledBefore, figuresBefore] = [process.cpuUsage(), polled, figures];
  await until(2 * polls);
  const cpu = milliseconds(process.cpuUsage(before)) / (polled - polledBefore);
  const each = (figures - figuresBefore) / (polled - polledBefore);
  await client.close();
  return { cpu, figures: each };
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
const alone: number[] = [];
const added: number[] = [];
for (let round = 0; round < rounds; round++) {
  const without = await costOfPoll(false);
  const figures = await costOfPoll(true);
  alone.push(without.cpu);
  added.push(figures.cpu - without.cpu);
  print(`round ${round + 1}: ${without.cpu.toFixed(2)} ms a poll for ${without.figures.toFixed(0)} snapshots, ${figures.cpu.toFixed(2)} ms with ${figures.figures.toFixed(0)} times three KPIs`);
}
print(`${queues} queues, three KPIs each, one answer: ${median(added).toFixed(2)} ms of CPU beyond the ${median(alone).toFixed(2)} ms of the client (bar: 1)`);

const large = { callsPerHour: 120_000, averageHandlingTime: 298, targetTime: 20 };
print(`10,000 agents: erlangC ${costOfCall(() => erlangC({ traffic: 9_950, agents: 10_000 })).toFixed(2)} ms, forecast ${costOfCall(() => forecast({ ...large, agents: 10_000 })).toFixed(2)} ms, with patience ${costOfCall(() => forecast({ ...large, agents: 10_000, averagePatience: 60 })).toFixed(2)} ms, agentsNeeded ${costOfCall(() => agentsNeeded({ ...large, serviceLevel: 80 })).toFixed(2)} ms (bar: 5)`);
