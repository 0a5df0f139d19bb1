// The simulator's ledger: what the server was asked, what it answered, and what is open on it now.
import { firstValueFrom } from 'rxjs';
import { createStatisticsClient } from 'genesys-statistics-rx';
import { createSimulator } from 'genesys-statistics-rx/simulator';

const simulator = await createSimulator({ clock: 'manual' });
const client = createStatisticsClient({ baseUrl: simulator.url, poll: { interval: 100 }, sharing: { linger: 0 } });
const answered$ = client.statistic$('Total_Answered', { objectId: 'Sales@SIP', objectType: 'Queue' });

await firstValueFrom(answered$);
await client.close();

for (const { operation, method, path, status, subscriptionId } of simulator.ledger.requests) {
  console.log(operation, method, path.replace(subscriptionId ?? '', '{id}'), status);
}
const { opened, deleted, open } = simulator.ledger;
console.log(`${opened.length} opened, ${deleted.length} deleted, ${open.length} open`);
await simulator.close();
