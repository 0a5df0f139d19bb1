// One agent's state and one queue's waiting calls, live for three seconds.
import { createStatisticsClient, numeric } from 'genesys-statistics-rx';
import { createSimulator } from 'genesys-statistics-rx/simulator';

const simulator = await createSimulator({ speed: 20, startAt: new Date('2026-05-04T10:25:00Z') });
const client = createStatisticsClient({ baseUrl: simulator.url, poll: { interval: 500 } });
const { statistic$ } = client;

statistic$('CurrentAgentState', { objectId: 'kim', objectType: 'Agent' }).subscribe(({ value }) => {
  console.log('kim', value);
});

statistic$('Current_In_Queue', { objectId: 'Sales@SIP', objectType: 'Queue' })
  .pipe(numeric())
  .subscribe((waiting) => {
    console.log('waiting in Sales:', waiting);
  });

await new Promise((resolve) => setTimeout(resolve, 3000));
await client.close();
await simulator.close();
