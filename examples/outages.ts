// An outage: what observers, `statisticState$` and `health$` say before, during and after it.
import { distinctUntilKeyChanged, filter, firstValueFrom } from 'rxjs';
import { createStatisticsClient, numberOf, numeric } from 'genesys-statistics-rx';
import { createSimulator } from 'genesys-statistics-rx/simulator';

const simulator = await createSimulator({ clock: 'manual' });
const client = createStatisticsClient({
  baseUrl: simulator.url,
  poll: { interval: 100, staleAfter: 3000 }, // quick, so that the outage need not be long
  retry: { minTimeout: 50, maxTimeout: 200 },
});

const queue = ['Current_In_Queue', { objectId: 'Sales@SIP', objectType: 'Queue' }] as const;
const setWaiting = (waiting: number): void => simulator.set({ name: queue[0], ...queue[1] }, waiting);
setWaiting(3);

client.statistic$(...queue).pipe(numeric()).subscribe((waiting) => console.log('value', waiting));
client.health$.pipe(distinctUntilKeyChanged('status')).subscribe(({ status, lastError }) => {
  console.log('health', status, lastError?.message ?? '');
});

const state$ = client.statisticState$(...queue);
state$.subscribe(({ status, value }) => console.log('state', status, value === undefined ? '' : numberOf(value)));
await firstValueFrom(state$.pipe(filter(({ status }) => status === 'live')));

const heal = simulator.fault({ kind: 'status', status: 503, times: Infinity });
await firstValueFrom(state$.pipe(filter(({ status }) => status === 'stale')));

setWaiting(5);
heal();
await firstValueFrom(state$.pipe(filter(({ value }) => value !== undefined && numberOf(value) === 5)));
await firstValueFrom(client.health$.pipe(filter(({ status }) => status === 'live')));

await client.close();
await simulator.close();
