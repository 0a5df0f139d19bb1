// Four truths for one queue: the service level by each of its usual definitions, from the same answer of the server.
import { createStatisticsClient } from 'genesys-statistics-rx';
import { formatKpi, kpis, serviceLevel, serviceLevelOfAnswered, serviceLevelWithAbandons } from 'genesys-statistics-rx/kpi';
import { createSimulator } from 'genesys-statistics-rx/simulator';

await using simulator = await createSimulator({ clock: 'manual', startAt: Date.parse('2026-05-04T08:00:00Z') });
simulator.advance(3 * 3_600_000);
await using client = createStatisticsClient({ baseUrl: simulator.url });

const sales = { objectId: 'Sales@SIP', objectType: 'Queue' };
/** Calls with an outcome within some seconds. No public source shows a configured name for them, so they are defined here. */
const within = (seconds: number, outcome: string) => ({
  definition: { category: 'TotalNumberInTimeRange', subject: 'DNAction', mainMask: outcome, timeRangeLeft: 0, timeRangeRight: seconds },
  ...sales,
});

const calls$ = client.subscription$({
  answered: { name: 'Total_Answered', ...sales },
  abandoned: { name: 'Total_Abandoned', ...sales },
  answeredWithin: within(20, 'CallAnswered'),
  abandonedWithin: within(20, 'CallAbandoned'),
  shortAbandoned: within(10, 'CallAbandoned'),
});

const truths$ = calls$.pipe(
  kpis({
    'of offered': ({ answeredWithin, answered, abandoned }) => serviceLevel({ answeredWithin, answered, abandoned }),
    'of offered, short abandons out': serviceLevel,
    'of answered': serviceLevelOfAnswered,
    'abandons in time are fine': serviceLevelWithAbandons,
  }),
);
truths$.subscribe((truths) => {
  for (const [truth, level] of Object.entries(truths)) {
    console.log(formatKpi(level, 'percent').padStart(6), truth);
  }
});

await new Promise((resolve) => setTimeout(resolve, 500));
