// Figures of a queue: all of them are computed from one answer of the server.
import { createStatisticsClient } from 'genesys-statistics-rx';
import { abandonRate, answerRate, formatKpi, kpis } from 'genesys-statistics-rx/kpi';
import { createSimulator } from 'genesys-statistics-rx/simulator';

const simulator = await createSimulator({ speed: 60, startAt: new Date('2026-05-04T10:25:00Z') });
const client = createStatisticsClient({ baseUrl: simulator.url, poll: { interval: 300 } });

const sales = { objectId: 'Sales@SIP', objectType: 'Queue' };
const calls$ = client.subscription$({
  answered: { name: 'Total_Answered', ...sales },
  abandoned: { name: 'Total_Abandoned', ...sales },
  serviceLevel: { name: 'ServiceLevel', ...sales }, // Stat Server computes it
});

calls$.pipe(kpis({ reached: answerRate, lost: abandonRate, inTime: (calls) => calls.serviceLevel })).subscribe(({ reached, lost, inTime }) => {
  console.log('reached', formatKpi(reached, 'percent'), 'lost', formatKpi(lost, abandonRate.unit), 'in time', formatKpi(inTime, 'percent'));
});

await new Promise((resolve) => setTimeout(resolve, 3000));
await client.close();
await simulator.close();
