// Finds out which of several names a server knows: one subscription tries them all, and drops the refused ones.
import { filter, firstValueFrom, forkJoin, map } from 'rxjs';
import { createStatisticsClient } from 'genesys-statistics-rx';
import { statistics } from 'genesys-statistics-rx/kpi';
import { createSimulator } from 'genesys-statistics-rx/simulator';

const simulator = await createSimulator({ clock: 'manual', startAt: Date.parse('2026-05-04T10:00:00Z') });
const client = createStatisticsClient({ baseUrl: simulator.url, retry: { minTimeout: 50 } });

/** With a server of your own: an object that you are sure of, and the names to try. */
const sales = { objectId: 'Sales@SIP', objectType: 'Queue' };
const yours = ['Calls_Waiting_Now', 'CurrNumberWaitingCalls'];
const known = Object.values(statistics).filter(({ objectTypes }) => objectTypes.includes('Queue' as never));
const names = [...yours, ...known.map(({ name }) => name)].slice(0, 6);

const answers = names.map((name) =>
  firstValueFrom(
    client.statisticState$(name, sales).pipe(
      filter(({ status }) => status === 'live' || status === 'failed'),
      map(({ status, value }) => ({ name, isKnown: status === 'live', value: value?.value })),
    ),
  ),
);
for (const { name, isKnown, value } of await firstValueFrom(forkJoin(answers))) {
  console.log(isKnown ? 'known  ' : 'refused', name, isKnown ? JSON.stringify(value) : '');
}

await client.close();
await simulator.close();
