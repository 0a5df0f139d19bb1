// Service level and abandon rate of a queue: every figure is computed from one answer of the server.
import { createStatisticsClient } from 'genesys-statistics-rx';
import { abandonRate, kpi, serviceLevel } from 'genesys-statistics-rx/kpi';
import { createSimulator } from 'genesys-statistics-rx/simulator';

await using simulator = await createSimulator({ speed: 60 });
await using client = createStatisticsClient({ baseUrl: simulator.url, poll: { interval: 300 } });

const sales = { objectId: 'Sales@SIP', objectType: 'Queue' };
const calls$ = client.subscription$({
  answeredWithin: { name: 'Total_Answered_In_Threshold', ...sales },
  answered: { name: 'Total_Answered', ...sales },
  abandoned: { name: 'Total_Abandoned', ...sales },
});

// Both share one subscription on the server, and one poll.
calls$.pipe(kpi(serviceLevel)).subscribe((percent) => {
  console.log('service level:', percent?.toFixed(1) ?? 'no calls yet');
});
calls$.pipe(kpi(abandonRate)).subscribe((percent) => {
  console.log('abandon rate:', percent?.toFixed(1) ?? 'no calls yet');
});

await new Promise((resolve) => setTimeout(resolve, 3000));
