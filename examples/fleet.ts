// A fleet: two clients observe the same statistic, and the server sees one subscription. In production the bus is redisBus(...).
import { firstValueFrom } from 'rxjs';
import { numeric } from 'genesys-statistics-rx';
import { createFleetClient, memoryBus } from 'genesys-statistics-rx/fleet';
import { createSimulator } from 'genesys-statistics-rx/simulator';

const simulator = await createSimulator({ clock: 'manual' });
simulator.set({ name: 'Current_In_Queue', objectId: 'Sales@SIP', objectType: 'Queue' }, { intValue: 7 });
const bus = memoryBus();
const clients = [1, 2].map(() => createFleetClient({ baseUrl: simulator.url, bus }));

const values = clients.map((client) => firstValueFrom(client.statistic$('Current_In_Queue', { objectId: 'Sales@SIP', objectType: 'Queue' }).pipe(numeric())));
console.log(await Promise.all(values), 'from', simulator.ledger.opened.length, 'subscription');

await Promise.all(clients.map((client) => client.close()));
await simulator.close();
